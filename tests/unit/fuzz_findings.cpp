// What the fuzzers have found stays found: every file that they broke something with is kept in tests/fuzz, and tried
// here together with the seeds that they start from.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "core/raw_bytes.hpp"
#include "fuzz/properties.hpp"
#include "source_dir.hpp"

namespace conclave {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The bytes of a kind's record in which every field is zero: as many zeros as it takes, or none if it takes too many.
std::string empty_record(const std::string& name) {
  const RecordType* type = find_record_type(name);
  std::string bytes(reinterpret_cast<const char*>(&type->tag), sizeof type->tag);
  for (int zeros = 0; zeros < 1024; zeros++, bytes += '\0')
    if (decode_record(bytes)) return bytes;
  return {};
}

}  // namespace

TEST_CASE("fuzz: every kind of record, empty and with each of its bits flipped") {
  std::size_t kinds = 0, decoded = 0;
  for (const std::string& name : record_type_names()) {
    CAPTURE(name);
    std::string bytes = empty_record(name);
    CHECK_FALSE(bytes.empty());
    kinds++;
    for (std::size_t bit = 0; bit < 8 * bytes.size(); bit++) {
      flip_bit(bytes, bit);
      const std::string broken = fuzz::broken_by_message(bytes);
      CHECK_MESSAGE(broken.empty(), broken);
      decoded += decode_record(bytes) != nullptr;
      flip_bit(bytes, bit);
    }
    for (std::size_t cut = 0; cut < bytes.size(); cut++)
      CHECK_FALSE(decode_record(std::string_view(bytes).substr(0, cut)));
  }
  CHECK(kinds >= 12);
  CHECK(decoded >= 1000);
}

TEST_CASE("fuzz: messages and scenarios that broke something once") {
  std::size_t files = 0;
  for (const char* folder : {"tests/fuzz/messages", "tests/fuzz/scenarios"}) {
    const fs::path path = fs::path(source_dir()) / folder;
    if (!fs::exists(path)) continue;
    for (const auto& file : fs::directory_iterator(path)) {
      CAPTURE(file.path().string());
      const std::string bytes = read(file.path());
      const bool message = path.filename() == "messages";
      const std::string broken = message ? fuzz::broken_by_message(bytes) : fuzz::broken_by_scenario(bytes);
      CHECK_MESSAGE(broken.empty(), broken);
      files++;
    }
  }
  MESSAGE(files << " findings kept");
}

TEST_CASE("fuzz: shipped scenarios and bad input") {
  std::size_t files = 0;
  for (const char* folder : {"scenarios", "tests/bad_input"}) {
    for (const auto& file : fs::recursive_directory_iterator(fs::path(source_dir()) / folder)) {
      if (file.path().extension() != ".yaml") continue;
      CAPTURE(file.path().string());
      const std::string broken = fuzz::broken_by_scenario(read(file.path()));
      CHECK_MESSAGE(broken.empty(), broken);
      files++;
    }
  }
  CHECK(files >= 40);
}

}  // namespace conclave

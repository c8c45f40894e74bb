// Writes one file for each kind of record: a default one, as bytes. Where the fuzzer of the decoders starts from.

#include <fmt/core.h>

#include <filesystem>
#include <fstream>

#include "core/record.hpp"

int main(int count, char** arguments) {
  if (count != 2) {
    fmt::print(stderr, "usage: {} FOLDER\n", arguments[0]);
    return 2;
  }
  std::filesystem::create_directories(arguments[1]);
  for (const std::string& name : conclave::record_type_names()) {
    const conclave::RecordType* type = conclave::find_record_type(name);
    // Fields of nothing but zeros are the empty record of most kinds: as many of them as it takes.
    std::string bytes(reinterpret_cast<const char*>(&type->tag), sizeof type->tag);
    for (int zeros = 0; zeros < 1024 && !conclave::decode_record(bytes); zeros++) bytes += '\0';
    std::ofstream(std::filesystem::path(arguments[1]) / name, std::ios::binary) << bytes;
  }
}

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "trace/line_reader.hpp"
#include "trace/output.hpp"
#include "trace_samples.hpp"

using namespace conclave;
using namespace conclave::trace_samples;

namespace {

/// No file of this process may become longer than `bytes` while this lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &former_);
    const rlimit limit{bytes, former_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &former_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit former_{};
};

std::string message_of(auto&& action) {
  try {
    action();
  } catch (const OutputError& error) {
    return error.what();
  }
  return "no error";
}

/// Long enough to go through the buffer several times, in pieces of many sizes.
std::string write_pieces(Output& out) {
  std::string all;
  for (std::size_t i = 0; i < 3000; i++) {
    const std::string piece(i * 37 % 1000, static_cast<char>('a' + i % 26));
    all += piece;
    if (i % 2 == 0) {
      out.write(piece);
    } else {
      char* room = out.reserve(piece.size());
      piece.copy(room, piece.size());
      out.commit(room + piece.size());
    }
  }
  const std::string long_piece(1'000'000, '\n');
  out.write(long_piece);
  return all + long_piece;
}

}  // namespace

TEST_CASE("output: a plain file holds what was written") {
  Scratch scratch;
  Output out(scratch / "file");
  const std::string all = write_pieces(out);
  out.close();
  CHECK(read_file(scratch / "file") == all);
  CHECK(scratch.entries() == 1);
}

TEST_CASE("output: a compressed file unpacks to what was written") {
  Scratch scratch;
  Output out(scratch / "file", Output::Compression::zstd);
  const std::string all = write_pieces(out);
  out.close();
  CHECK(std::filesystem::file_size(scratch / "file") < all.size() / 10);
  LineReader lines(scratch / "file");
  std::string unpacked;
  for (std::string_view line; lines.next(line);) unpacked.append(line) += '\n';
  CHECK(unpacked == all);
}

TEST_CASE("output: without close nothing remains, and a former file stays") {
  Scratch scratch;
  write_file(scratch / "former", "former");
  {
    Output fresh(scratch / "fresh");
    Output over(scratch / "former");
    fresh.write("half");
    over.write("half");
    CHECK(scratch.entries() == 3);
    CHECK_FALSE(std::filesystem::exists(scratch / "fresh"));
  }
  CHECK(scratch.entries() == 1);
  CHECK(read_file(scratch / "former") == "former");
}

TEST_CASE("output: a former file is replaced, through a link too") {
  Scratch scratch;
  write_file(scratch / "former", "former");
  std::filesystem::create_symlink("former", scratch / "link");
  Output out(scratch / "link");
  out.write("new");
  out.close();
  CHECK(read_file(scratch / "former") == "new");
  CHECK(std::filesystem::is_symlink(scratch / "link"));
}

TEST_CASE("output: a full disk is an error, whenever it is found") {
  SUBCASE("at close") {
    Output out("/dev/full");
    out.write("little");
    CHECK(message_of([&] { out.close(); }) == "/dev/full: cannot write the file: No space left on device");
  }
  SUBCASE("while writing") {
    Output out("/dev/full");
    CHECK(message_of([&] { write_pieces(out); }) == "/dev/full: cannot write the file: No space left on device");
  }
  SUBCASE("compressed, at close") {
    Output out("/dev/full", Output::Compression::zstd);
    out.write("little");
    CHECK(message_of([&] { out.close(); }) == "/dev/full: cannot write the file: No space left on device");
  }
  CHECK(std::filesystem::exists("/dev/full"));
}

TEST_CASE("output: a file that may not grow is an error and is not left behind") {
  Scratch scratch;
  std::string message;
  {
    Output out(scratch / "file");
    const FileSizeLimit limit(10'000);
    message = message_of([&] {
      out.write(std::string(20'000, 'x'));
      out.close();
    });
  }
  CHECK(message == (scratch / "file").native() + ": cannot write the file: File too large");
  CHECK(scratch.entries() == 0);
}

TEST_CASE("output: a file that cannot be created is an error with its reason") {
  Scratch scratch;
  CHECK(message_of([&] { Output out(scratch / "none/file"); }) ==
        (scratch / "none/file").native() + ": cannot create the file: No such file or directory");
  CHECK(message_of([&] { Output out(scratch.path()); }) ==
        scratch.path().native() + ": cannot replace the folder by a file");
}

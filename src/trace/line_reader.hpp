// Reads a text file line by line, unpacking it on the way when it is compressed by zstd.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace conclave {

/// A trace could not be read; the text names the file, and the line where there is one.
struct TraceError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class LineReader {
 public:
  /// Throws TraceError when the file cannot be opened.
  explicit LineReader(std::filesystem::path path);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// The next line without its end, valid until the next call; false after the last. Throws TraceError when the file
  /// cannot be read, is damaged, or ends in the middle of a line.
  bool next(std::string_view& line);
  /// Of the line that next() gave last, from 1.
  std::uint64_t line_number() const { return line_number_; }
  /// An error at this line, for whoever makes sense of it.
  [[noreturn]] void fail(std::string_view problem) const;

  /// A longer line is taken for damage: no memory is spent on it.
  static constexpr std::size_t kLineBytesMax = std::size_t{256} << 20;

 private:
  struct Zstd;

  bool fill();
  std::size_t read_file(char* room, std::size_t size);
  std::size_t unpack(char* room, std::size_t size);

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::unique_ptr<Zstd> zstd_;  ///< null when plain
  std::string buffer_;
  std::size_t begin_ = 0;  ///< of what has not been given out
  std::size_t end_ = 0;    ///< of what has been read
  std::uint64_t line_number_ = 0;
};

}  // namespace conclave

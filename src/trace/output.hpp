// Files that are written completely or not at all: every failure, down to a disk that is found full at close, is an
// exception.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace conclave {

/// A result could not be written; the text names the path and the reason.
class OutputError : public std::runtime_error {
 public:
  /// "PATH: PROBLEM"
  OutputError(const std::filesystem::path& path, std::string_view problem);
  /// "PATH: PROBLEM: what the system says of `error`", an errno.
  OutputError(const std::filesystem::path& path, std::string_view problem, int error);
};

/// A buffered file, plain or compressed by zstd. Not shared between threads. Every function throws OutputError; a
/// failure can show up at a later call than its cause, and at close() at the latest.
class Output {
 public:
  enum class Compression { none, zstd };

  /// Creates the file under a hidden name beside its own, which it gets in close(). Devices and pipes are written
  /// directly.
  explicit Output(std::filesystem::path path, Compression compression = Compression::none);
  /// Writes to the standard output, which stays open.
  static Output to_standard_output() { return Output(StandardOutput{}); }
  /// Without close(), what was written is removed again and a former file of that name remains.
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view bytes);
  /// Room for at least `bytes` characters at the end of what is written, valid until the next call. Requires
  /// bytes <= kReserveMax.
  char* reserve(std::size_t bytes) {
    if (static_cast<std::size_t>(buffer_end_ - at_) < bytes) flush_buffer();
    return at_;
  }
  /// Takes up to `end` what was put into the room that reserve() gave.
  void commit(char* end) { at_ = end; }
  /// Brings everything to the disk and gives the file its name. Nothing may be written after it.
  void close();

  const std::filesystem::path& path() const { return path_; }

  static constexpr std::size_t kReserveMax = 64 * 1024;

 private:
  struct StandardOutput {};
  struct Zstd;

  explicit Output(StandardOutput);
  void open();
  void finish(int file);
  void flush_buffer();
  void pass_on(const char* bytes, std::size_t size);
  void compress(const char* bytes, std::size_t size, bool last);
  void write_file(const char* bytes, std::size_t size);

  std::filesystem::path path_;
  std::filesystem::path partial_;  ///< the hidden name; empty when written directly
  int file_ = -1;
  bool standard_ = false;
  std::unique_ptr<char[]> buffer_;
  char* at_;
  char* buffer_end_;
  std::unique_ptr<Zstd> zstd_;  ///< null when plain
};

}  // namespace conclave

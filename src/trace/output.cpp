#include "trace/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

namespace conclave {

namespace {

/// Large, because each write costs. A thread of its own for writing was tried: on a busy machine it is several times
/// slower.
constexpr std::size_t kBufferBytes = 1024 * 1024;
static_assert(kBufferBytes >= Output::kReserveMax);

/// The fastest of the ordinary levels: a trace is regular enough to shrink more than tenfold already.
constexpr int kZstdLevel = 1;

}  // namespace

OutputError::OutputError(const std::filesystem::path& path, std::string_view problem)
    : std::runtime_error(fmt::format("{}: {}", path.native(), problem)) {}

OutputError::OutputError(const std::filesystem::path& path, std::string_view problem, int error)
    : std::runtime_error(fmt::format("{}: {}: {}", path.native(), problem, std::generic_category().message(error))) {}

struct Output::Zstd {
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context{ZSTD_createCCtx(), ZSTD_freeCCtx};
  std::vector<char> room = std::vector<char>(ZSTD_CStreamOutSize());
};

Output::Output(std::filesystem::path path, Compression compression)
    : path_(std::move(path)),
      buffer_(new char[kBufferBytes]),
      at_(buffer_.get()),
      buffer_end_(buffer_.get() + kBufferBytes) {
  if (compression == Compression::zstd) {
    zstd_ = std::make_unique<Zstd>();
    if (!zstd_->context) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(zstd_->context.get(), ZSTD_c_compressionLevel, kZstdLevel);
    ZSTD_CCtx_setParameter(zstd_->context.get(), ZSTD_c_checksumFlag, 1);
  }
  open();
}

Output::Output(StandardOutput)
    : path_("standard output"),
      file_(STDOUT_FILENO),
      standard_(true),
      buffer_(new char[kBufferBytes]),
      at_(buffer_.get()),
      buffer_end_(buffer_.get() + kBufferBytes) {}

Output::~Output() {
  if (file_ < 0 || standard_) return;
  ::close(file_);
  if (!partial_.empty()) ::unlink(partial_.c_str());
}

void Output::open() {
  struct stat status {};
  const bool present = ::stat(path_.c_str(), &status) == 0;
  if (present && ::access(path_.c_str(), W_OK) != 0) throw OutputError(path_, "cannot replace the file", errno);
  if (present && S_ISDIR(status.st_mode)) throw OutputError(path_, "cannot replace the folder by a file");
  if (!present || S_ISREG(status.st_mode)) {
    std::error_code error;
    auto resolved = std::filesystem::weakly_canonical(path_, error);  // the file that a link leads to, not the link
    if (error) throw OutputError(path_, "cannot create the file", error.value());
    path_ = std::move(resolved);
    partial_ = path_.parent_path() / fmt::format(".{}.partial-{}", path_.filename().native(), ::getpid());
  }
  file_ = ::open((partial_.empty() ? path_ : partial_).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file_ < 0) throw OutputError(path_, "cannot create the file", errno);
}

void Output::write(std::string_view bytes) {
  if (bytes.size() > static_cast<std::size_t>(buffer_end_ - at_)) {
    flush_buffer();
    if (bytes.size() > kBufferBytes) return pass_on(bytes.data(), bytes.size());
  }
  std::memcpy(at_, bytes.data(), bytes.size());
  at_ += bytes.size();
}

void Output::close() {
  flush_buffer();
  if (zstd_) compress(nullptr, 0, true);
  finish(std::exchange(file_, -1));
}

void Output::finish(int file) {
  const bool good =
      standard_ || (::close(file) == 0 && (partial_.empty() || ::rename(partial_.c_str(), path_.c_str()) == 0));
  if (good) return;
  const int error = errno;
  if (!partial_.empty()) ::unlink(partial_.c_str());
  throw OutputError(path_, "cannot write the file", error);
}

void Output::flush_buffer() {
  const auto size = static_cast<std::size_t>(at_ - buffer_.get());
  at_ = buffer_.get();
  if (size > 0) pass_on(buffer_.get(), size);
}

void Output::pass_on(const char* bytes, std::size_t size) {
  zstd_ ? compress(bytes, size, false) : write_file(bytes, size);
}

void Output::compress(const char* bytes, std::size_t size, bool last) {
  ZSTD_inBuffer in{bytes, size, 0};
  std::size_t remaining = 0;
  do {
    ZSTD_outBuffer out{zstd_->room.data(), zstd_->room.size(), 0};
    remaining = ZSTD_compressStream2(zstd_->context.get(), &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(remaining))
      throw OutputError(path_, fmt::format("cannot compress: {}", ZSTD_getErrorName(remaining)));
    write_file(zstd_->room.data(), out.pos);
  } while (last ? remaining != 0 : in.pos < in.size);
}

void Output::write_file(const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(file_, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw OutputError(path_, "cannot write the file", errno);
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
}

}  // namespace conclave

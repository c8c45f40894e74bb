#include "trace/line_reader.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

namespace conclave {

namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr std::array<unsigned char, 4> kZstdMagic{0x28, 0xb5, 0x2f, 0xfd};

std::string system_text(int error) {
  return std::generic_category().message(error);
}

}  // namespace

struct LineReader::Zstd {
  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context{ZSTD_createDCtx(), ZSTD_freeDCtx};
  std::vector<char> packed = std::vector<char>(ZSTD_DStreamInSize());
  ZSTD_inBuffer in{packed.data(), 0, 0};
  bool inside_frame = false;
};

LineReader::LineReader(std::filesystem::path path) : path_(std::move(path)), file_(nullptr, &std::fclose) {
  file_.reset(std::fopen(path_.c_str(), "rbe"));
  if (!file_) throw TraceError(fmt::format("{}: cannot open the file: {}", path_.native(), system_text(errno)));
  std::array<unsigned char, 4> magic{};
  const bool packed =
      read_file(reinterpret_cast<char*>(magic.data()), magic.size()) == magic.size() && magic == kZstdMagic;
  std::rewind(file_.get());
  if (packed) zstd_ = std::make_unique<Zstd>();
}

LineReader::~LineReader() = default;

bool LineReader::next(std::string_view& line) {
  line_number_++;
  std::size_t searched = 0;
  for (;;) {
    const char* start = buffer_.data() + begin_;
    const std::size_t held = end_ - begin_;
    if (const void* newline = std::memchr(start + searched, '\n', held - searched)) {
      line = {start, static_cast<std::size_t>(static_cast<const char*>(newline) - start)};
      begin_ += line.size() + 1;
      return true;
    }
    searched = held;
    if (held > kLineBytesMax) fail("the line is too long");
    if (fill()) continue;
    if (held > 0) fail("the file ends in the middle of the line: it was cut off");
    return false;
  }
}

void LineReader::fail(std::string_view problem) const {
  throw TraceError(fmt::format("{}: line {}: {}", path_.native(), line_number_, problem));
}

bool LineReader::fill() {
  buffer_.erase(0, begin_);
  end_ -= std::exchange(begin_, 0);
  if (buffer_.size() < end_ + kChunkBytes) buffer_.resize(end_ + kChunkBytes);
  const std::size_t got =
      zstd_ ? unpack(buffer_.data() + end_, kChunkBytes) : read_file(buffer_.data() + end_, kChunkBytes);
  end_ += got;
  return got > 0;
}

std::size_t LineReader::read_file(char* room, std::size_t size) {
  const std::size_t got = std::fread(room, 1, size, file_.get());
  if (got == 0 && std::ferror(file_.get())) fail(fmt::format("cannot read the file: {}", system_text(errno)));
  return got;
}

std::size_t LineReader::unpack(char* room, std::size_t size) {
  ZSTD_outBuffer out{room, size, 0};
  while (out.pos == 0) {
    if (zstd_->in.pos == zstd_->in.size) {
      zstd_->in.size = read_file(zstd_->packed.data(), zstd_->packed.size());
      zstd_->in.pos = 0;
      if (zstd_->in.size == 0 && zstd_->inside_frame) fail("the compressed file ends early: it was cut off");
      if (zstd_->in.size == 0) return 0;
    }
    const std::size_t result = ZSTD_decompressStream(zstd_->context.get(), &out, &zstd_->in);
    if (ZSTD_isError(result)) fail(fmt::format("the compressed file is damaged: {}", ZSTD_getErrorName(result)));
    zstd_->inside_frame = result != 0;
  }
  return out.pos;
}

}  // namespace conclave

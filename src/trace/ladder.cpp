#include "trace/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

namespace conclave {

namespace {

/// The rung of the first `events` events, which both strides divide.
const Hash128& rung_at(const Ladder& ladder, std::uint64_t events) {
  return ladder.rungs[events / ladder.stride - 1];
}

std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Hash128> read_hash(const std::string& text) {
  if (text.size() != 32) return std::nullopt;
  const auto high = read_hex(std::string_view(text).substr(0, 16)), low = read_hex(std::string_view(text).substr(16));
  if (!high || !low) return std::nullopt;
  return Hash128{*low, *high};
}

}  // namespace

std::string Ladder::json() const {
  std::string out;
  for (const Hash128& rung : rungs) out += fmt::format("{}\"{}\"", out.empty() ? "" : ",", rung.text());
  return fmt::format(R"({{"stride":{},"events":{},"rungs":[{}]}})", stride, events, out);
}

void LadderBuilder::observe(const Event& event) {
  const std::uint64_t who = std::uint64_t{index(event.agent)} << 32 | index(event.peer);
  const std::uint64_t content = event.record ? hash64(event.record->encode().bytes) : 0;
  chain_ = chain(chain_, static_cast<std::uint64_t>(nanoseconds(event.time)), who,
                 event.message << 8 | static_cast<std::uint64_t>(event.kind), event.amount ^ content);
  ladder_.events++;
  if (ladder_.events % ladder_.stride != 0) return;
  if (ladder_.rungs.size() == kRungsMax) {
    for (std::size_t i = 0; i < kRungsMax / 2; i++) ladder_.rungs[i] = ladder_.rungs[2 * i + 1];
    ladder_.rungs.resize(kRungsMax / 2);
    ladder_.stride *= 2;
    if (ladder_.events % ladder_.stride != 0) return;
  }
  ladder_.rungs.push_back(chain_);
}

std::optional<Ladder> read_ladder(const std::filesystem::path& run_folder) {
  std::ifstream stream(run_folder / kLadderFile, std::ios::binary);
  const nlohmann::json read = nlohmann::json::parse(stream, nullptr, false);
  if (!read.is_object() || !read.contains("rungs")) return std::nullopt;
  Ladder ladder{.stride = read.value("stride", std::uint64_t{0}), .events = read.value("events", std::uint64_t{0})};
  for (const nlohmann::json& rung : read["rungs"]) {
    const auto hash = rung.is_string() ? read_hash(rung.get<std::string>()) : std::nullopt;
    if (!hash) return std::nullopt;
    ladder.rungs.push_back(*hash);
  }
  if (ladder.stride == 0 || ladder.events / ladder.stride != ladder.rungs.size()) return std::nullopt;
  return ladder;
}

std::pair<std::uint64_t, std::uint64_t> window_of_parting(const Ladder& a, const Ladder& b) {
  const std::uint64_t stride = std::max(a.stride, b.stride);
  const std::uint64_t common = std::min(a.events, b.events) / stride;
  // Beginnings agree up to some rung and differ from there on: the first that differs, by halving.
  std::uint64_t low = 0, high = common;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (rung_at(a, (middle + 1) * stride) == rung_at(b, (middle + 1) * stride))
      low = middle + 1;
    else
      high = middle;
  }
  const std::uint64_t end = low == common ? std::numeric_limits<std::uint64_t>::max() : (low + 1) * stride;
  return {low * stride, end};
}

}  // namespace conclave

#include "core/quantity.hpp"

#include <fmt/core.h>

#include <charconv>

#include "core/units.hpp"

namespace conclave {

namespace {

using Kind = Quantity::Kind;

/// Steps of a probability: fine enough for `0.000001%`.
constexpr double kProbabilitySteps = 1e8;

std::optional<std::uint64_t> read_integer(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::uint64_t steps_of(Duration value) {
  return static_cast<std::uint64_t>(value.count());
}
std::uint64_t steps_of(ByteCount value) {
  return value.bytes;
}
std::uint64_t steps_of(Bandwidth value) {
  return value.bits_per_second;
}
std::uint64_t steps_of(ComputeSpeed value) {
  return value.flops;
}
std::uint64_t steps_of(Factor value) {
  return value.millionths;
}
std::uint64_t steps_of(Probability value) {
  return static_cast<std::uint64_t>(value.value() * kProbabilitySteps + 0.5);
}

template <class Unit>
std::optional<Quantity> read(std::string_view text, Kind kind) {
  Unit value{};
  if (parse(text, value)) return std::nullopt;
  return Quantity{kind, steps_of(value)};
}

/// Without the zeros at the end of its decimals.
std::string trimmed(std::string decimal) {
  decimal.erase(decimal.find_last_not_of('0') + 1);
  if (decimal.back() == '.') decimal.pop_back();
  return decimal;
}

}  // namespace

double Quantity::number() const {
  const auto value = static_cast<double>(steps);
  switch (kind) {
    case Kind::number: return value / static_cast<double>(Factor::kOne);
    case Kind::probability: return value / kProbabilitySteps;
    default: return value;
  }
}

std::optional<Quantity> parse_quantity(std::string_view text) {
  if (const auto integer = read_integer(text)) return Quantity{Kind::integer, *integer};
  if (auto number = read<Factor>(text, Kind::number)) return number;
  if (auto duration = read<Duration>(text, Kind::duration)) return duration;
  if (auto size = read<ByteCount>(text, Kind::size)) return size;
  if (auto bandwidth = read<Bandwidth>(text, Kind::bandwidth)) return bandwidth;
  if (auto speed = read<ComputeSpeed>(text, Kind::speed)) return speed;
  return read<Probability>(text, Kind::probability);
}

std::string text(const Quantity& quantity) {
  switch (quantity.kind) {
    case Kind::integer: return fmt::format("{}", quantity.steps);
    case Kind::number: return text(Factor{quantity.steps});
    case Kind::duration: return text(Duration(static_cast<std::int64_t>(quantity.steps)));
    case Kind::size: return text(ByteCount{quantity.steps});
    case Kind::bandwidth: return text(Bandwidth{quantity.steps});
    case Kind::speed: return text(ComputeSpeed{quantity.steps});
    case Kind::probability: break;
  }
  constexpr std::uint64_t kPercent = 1'000'000;
  return trimmed(fmt::format("{}.{:06}", quantity.steps / kPercent, quantity.steps % kPercent)) + "%";
}

std::optional<QuantityRange> parse_range(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  auto low = parse_quantity(text.substr(0, dots));
  auto high = parse_quantity(text.substr(dots + 2));
  if (!low || !high) return std::nullopt;
  for (Quantity* end : {&*low, &*high}) {
    const Quantity& other = end == &*low ? *high : *low;
    if (end->kind == Kind::integer && other.kind == Kind::number && end->steps <= Factor::kOne * 1000)
      *end = {Kind::number, end->steps * Factor::kOne};
  }
  if (low->kind != high->kind || low->steps > high->steps) return std::nullopt;
  return QuantityRange{*low, *high};
}

}  // namespace conclave

#include "core/units.hpp"

#include <fmt/format.h>

#include <limits>
#include <span>

namespace conclave {

namespace {

__extension__ using Wide = unsigned __int128;

struct Unit {
  std::string_view name;
  std::uint64_t factor;  ///< in the smallest unit
};

constexpr Unit kDurations[] = {{"ns", 1},
                               {"us", 1'000},
                               {"ms", 1'000'000},
                               {"s", 1'000'000'000},
                               {"min", 60'000'000'000},
                               {"h", 3'600'000'000'000}};
constexpr Unit kSizes[] = {{"B", 1},          {"kB", 1'000},         {"KiB", 1u << 10}, {"MB", 1'000'000},
                           {"MiB", 1u << 20}, {"GB", 1'000'000'000}, {"GiB", 1u << 30}};
constexpr Unit kBandwidths[] = {
    {"bps", 1}, {"kbps", 1'000}, {"Mbps", 1'000'000}, {"Gbps", 1'000'000'000}, {"Tbps", 1'000'000'000'000}};
constexpr Unit kSpeeds[] = {
    {"f", 1}, {"kf", 1'000}, {"Mf", 1'000'000}, {"Gf", 1'000'000'000}, {"Tf", 1'000'000'000'000}};

struct Kind {
  std::span<const Unit> units;
  std::string_view expected;
  std::uint64_t most;
};

constexpr Kind kDuration{kDurations, "a duration such as `250ms` (units: ns, us, ms, s, min, h)",
                         static_cast<std::uint64_t>(kLongestDuration.count())};
constexpr Kind kSize{kSizes, "a size such as `200B` or `1MiB` (units: B, kB, KiB, MB, MiB, GB, GiB)",
                     std::uint64_t{1} << 50};
constexpr Kind kBandwidth{kBandwidths, "a bandwidth such as `1Gbps` (units: bps, kbps, Mbps, Gbps, Tbps)",
                          1'000'000'000'000'000};
constexpr Kind kSpeed{kSpeeds, "a speed such as `2Gf` (units: f, kf, Mf, Gf, Tf)", 1'000'000'000'000'000'000};

UnitError error(const Kind& kind, std::string problem) {
  return {std::move(problem), std::string(kind.expected)};
}

/// A decimal number as an integer mantissa and a count of decimal places.
struct Decimal {
  Wide mantissa = 0;
  int places = 0;
};

/// Takes a decimal number off the front of `text`; nullopt if there is none or it has more than 18 digits.
std::optional<Decimal> take_decimal(std::string_view& text) {
  Decimal number;
  int digits = 0;
  bool point = false;
  std::size_t i = 0;
  for (; i < text.size(); i++) {
    if (text[i] >= '0' && text[i] <= '9') {
      number.mantissa = number.mantissa * 10 + static_cast<unsigned>(text[i] - '0');
      number.places += point;
      if (++digits > 18) return std::nullopt;
    } else if (text[i] == '.' && !point && digits > 0 && i + 1 < text.size() && text[i + 1] >= '0' &&
               text[i + 1] <= '9') {
      point = true;
    } else {
      break;
    }
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(i);
  return number;
}

std::string print_quantity(std::uint64_t value, const Kind& kind) {
  const Unit* best = &kind.units.front();
  for (const Unit& unit : kind.units)
    if (value != 0 && value % unit.factor == 0 && unit.factor > best->factor) best = &unit;
  return fmt::format("{}{}", value / best->factor, best->name);
}

std::optional<UnitError> parse_quantity(std::string_view text, const Kind& kind, std::uint64_t& value) {
  const std::string_view whole = text;
  if (!text.empty() && text[0] == '-') return error(kind, fmt::format("`{}` is negative", whole));
  const std::optional<Decimal> number = take_decimal(text);
  if (!number) return error(kind, fmt::format("`{}` is not a quantity", whole));
  while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
  if (text.empty()) return error(kind, fmt::format("`{}` lacks its unit", whole));
  for (const Unit& unit : kind.units) {
    if (unit.name != text) continue;
    Wide scale = 1;
    for (int i = 0; i < number->places; i++) scale *= 10;
    const Wide scaled = number->mantissa * unit.factor;
    if (scaled % scale != 0)
      return error(kind, fmt::format("`{}` is finer than one {}", whole, kind.units.front().name));
    if (scaled / scale > kind.most)
      return error(kind, fmt::format("`{}` is too large: at most {}", whole, print_quantity(kind.most, kind)));
    value = static_cast<std::uint64_t>(scaled / scale);
    return std::nullopt;
  }
  return error(kind, fmt::format("`{}` has the unknown unit `{}`", whole, text));
}

}  // namespace

std::optional<UnitError> parse(std::string_view text, Duration& value) {
  std::uint64_t count = 0;
  if (auto failed = parse_quantity(text, kDuration, count)) return failed;
  value = Duration(static_cast<std::int64_t>(count));
  return std::nullopt;
}

std::optional<UnitError> parse(std::string_view text, ByteCount& value) {
  return parse_quantity(text, kSize, value.bytes);
}

std::optional<UnitError> parse(std::string_view text, Bandwidth& value) {
  return parse_quantity(text, kBandwidth, value.bits_per_second);
}

std::optional<UnitError> parse(std::string_view text, ComputeSpeed& value) {
  return parse_quantity(text, kSpeed, value.flops);
}

std::optional<UnitError> parse(std::string_view text, Probability& value) {
  const auto failed = [&](std::string_view problem) {
    return UnitError{fmt::format("`{}` {}", text, problem), "a probability such as `2%` or `1/50`"};
  };
  std::string_view rest = text;
  const std::optional<Decimal> number = take_decimal(rest);
  if (!number) return failed("is not a probability");
  double p = static_cast<double>(static_cast<std::uint64_t>(number->mantissa));
  if (rest == "%") {
    double scale = 100;
    for (int i = 0; i < number->places; i++) scale *= 10;
    p /= scale;
  } else if (!rest.empty() && rest[0] == '/' && number->places == 0) {
    rest.remove_prefix(1);
    const std::optional<Decimal> bottom = take_decimal(rest);
    if (!bottom || bottom->mantissa == 0 || bottom->places != 0 || !rest.empty()) return failed("is not a ratio");
    p /= static_cast<double>(static_cast<std::uint64_t>(bottom->mantissa));
  } else {
    return failed(rest.empty() ? "lacks its unit" : "is not a probability");
  }
  if (p > 1) return failed("is more than certain");
  value = Probability::of(p);
  return std::nullopt;
}

std::optional<UnitError> parse(std::string_view text, Factor& value) {
  const auto failed = [&](std::string_view problem) {
    return UnitError{fmt::format("`{}` {}", text, problem), "a number such as `2` or `2.5`, with six decimals at most"};
  };
  std::string_view rest = text;
  const std::optional<Decimal> number = take_decimal(rest);
  if (!number || !rest.empty()) return failed("is not a number");
  constexpr int kPlacesMax = 6;
  if (number->places > kPlacesMax) return failed("is too fine");
  Wide millionths = number->mantissa;
  for (int i = number->places; i < kPlacesMax; i++) millionths *= 10;
  if (millionths > Factor::kMost) return failed("is too large");
  value.millionths = static_cast<std::uint64_t>(millionths);
  return std::nullopt;
}

std::string text(Duration value) {
  return print_quantity(static_cast<std::uint64_t>(value.count()), kDuration);
}
std::string text(ByteCount value) {
  return print_quantity(value.bytes, kSize);
}
std::string text(Bandwidth value) {
  return print_quantity(value.bits_per_second, kBandwidth);
}
std::string text(ComputeSpeed value) {
  return print_quantity(value.flops, kSpeed);
}

std::string text(Probability value) {
  constexpr int kPlacesMax = 6;
  for (int places = 0; places <= kPlacesMax; places++) {
    std::string percent = fmt::format("{:.{}f}%", value.value() * 100, places);
    Probability read;
    if (!parse(percent, read) && read == value) return percent;
  }
  return fmt::format("{}/4294967296", static_cast<std::uint64_t>(value.value() * 4294967296.0));
}

std::string text(Factor value) {
  std::string out = fmt::format("{}.{:06}", value.millionths / Factor::kOne, value.millionths % Factor::kOne);
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out;
}

std::string rounded(Duration value) {
  const double ns = static_cast<double>(value.count());
  if (ns < 1e3) return fmt::format("{} ns", value.count());
  if (ns < 1e6) return fmt::format("{:.4g} us", ns / 1e3);
  if (ns < 1e9) return fmt::format("{:.4g} ms", ns / 1e6);
  return fmt::format("{:.4g} s", ns / 1e9);
}

std::string rounded_count(std::uint64_t value) {
  if (value < 100'000) return fmt::format("{}", value);
  if (value < 1'000'000) return fmt::format("{:.4g} thousand", static_cast<double>(value) / 1e3);
  if (value < 1'000'000'000) return fmt::format("{:.4g} million", static_cast<double>(value) / 1e6);
  return fmt::format("{:.4g} billion", static_cast<double>(value) / 1e9);
}

std::string rounded_bytes(std::uint64_t bytes) {
  const double value = static_cast<double>(bytes);
  if (value < 1e3) return fmt::format("{} B", bytes);
  if (value < 1e6) return fmt::format("{:.4g} kB", value / 1e3);
  if (value < 1e9) return fmt::format("{:.4g} MB", value / 1e6);
  return fmt::format("{:.4g} GB", value / 1e9);
}

}  // namespace conclave

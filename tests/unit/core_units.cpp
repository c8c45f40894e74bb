// Quantities are read exactly, and everything that is not one is refused with a reason.

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/units.hpp"

namespace conclave {
namespace {

template <class T>
T parsed(std::string_view text) {
  T value{};
  const auto failed = parse(text, value);
  CHECK_MESSAGE(!failed, std::string(text), ": ", failed ? failed->problem : std::string());
  return value;
}

template <class T>
std::string problem(std::string_view text) {
  T value{};
  const auto failed = parse(text, value);
  return failed ? failed->problem : "accepted " + conclave::text(value);
}

}  // namespace

TEST_CASE("durations are exact") {
  CHECK(parsed<Duration>("0ns").count() == 0);
  CHECK(parsed<Duration>("1ns").count() == 1);
  CHECK(parsed<Duration>("1.5ms").count() == 1'500'000);
  CHECK(parsed<Duration>("0.1us").count() == 100);
  CHECK(parsed<Duration>("2min").count() == 120'000'000'000);
  CHECK(parsed<Duration>("1.25 h").count() == 4'500'000'000'000);
  // 0.1 and 0.3 have no exact double.
  CHECK(parsed<Duration>("0.3s").count() == 300'000'000);
  CHECK(parsed<Duration>("123456.789012345s").count() == 123'456'789'012'345);
  CHECK(parsed<Duration>("2760h") == kLongestDuration);
}

TEST_CASE("sizes, bandwidths and speeds are exact") {
  CHECK(parsed<ByteCount>("1KiB").bytes == 1024);
  CHECK(parsed<ByteCount>("1kB").bytes == 1000);
  CHECK(parsed<ByteCount>("1.5MiB").bytes == 1'572'864);
  CHECK(parsed<Bandwidth>("2.5Gbps").bits_per_second == 2'500'000'000);
  CHECK(parsed<Bandwidth>("1000Tbps").bits_per_second == 1'000'000'000'000'000);
  CHECK(parsed<ComputeSpeed>("0.000001Mf").flops == 1);
}

TEST_CASE("what is no quantity is refused with the reason") {
  CHECK(problem<Duration>("") == "`` is not a quantity");
  CHECK(problem<Duration>("ms") == "`ms` is not a quantity");
  CHECK(problem<Duration>(" 5ms") == "` 5ms` is not a quantity");
  CHECK(problem<Duration>(".5ms") == "`.5ms` is not a quantity");
  CHECK(problem<Duration>("-5ms") == "`-5ms` is negative");
  CHECK(problem<Duration>("5") == "`5` lacks its unit");
  CHECK(problem<Duration>("5 ") == "`5 ` lacks its unit");
  CHECK(problem<Duration>("5sec") == "`5sec` has the unknown unit `sec`");
  CHECK(problem<Duration>("5.ms") == "`5.ms` has the unknown unit `.ms`");
  CHECK(problem<Duration>("1e3ms") == "`1e3ms` has the unknown unit `e3ms`");
  CHECK(problem<Duration>("1.2.3ms") == "`1.2.3ms` has the unknown unit `.3ms`");
  CHECK(problem<Duration>("5MS") == "`5MS` has the unknown unit `MS`");
  CHECK(problem<Duration>("0.5ns") == "`0.5ns` is finer than one ns");
  CHECK(problem<Duration>("1.0000001us") == "`1.0000001us` is finer than one ns");
  CHECK(problem<Duration>("2760.1h") == "`2760.1h` is too large: at most 2760h");
  CHECK(problem<Duration>("999999999999999999h") == "`999999999999999999h` is too large: at most 2760h");
  CHECK(problem<Duration>("1000000000000000000ns") == "`1000000000000000000ns` is not a quantity");
  CHECK(problem<ByteCount>("0.3B") == "`0.3B` is finer than one B");
  CHECK(problem<ByteCount>("1b") == "`1b` has the unknown unit `b`");
  CHECK(problem<Bandwidth>("1001Tbps") == "`1001Tbps` is too large: at most 1000Tbps");
  CHECK(problem<ComputeSpeed>("5s") == "`5s` has the unknown unit `s`");
}

TEST_CASE("an error says what would do") {
  Duration value{};
  const auto failed = parse("5", value);
  REQUIRE(failed);
  CHECK(failed->expected == "a duration such as `250ms` (units: ns, us, ms, s, min, h)");
}

TEST_CASE("a quantity that cannot be read leaves the value alone") {
  Duration value{7};
  CHECK(parse("5", value));
  CHECK(value.count() == 7);
}

TEST_CASE("quantities are written in the largest exact unit") {
  CHECK(text(Duration(0)) == "0ns");
  CHECK(text(Duration(1'500'000)) == "1500us");
  CHECK(text(Duration(60'000'000'000)) == "1min");
  CHECK(text(Duration(61'000'000'000)) == "61s");
  CHECK(text(ByteCount{1'000'000}) == "1MB");
  CHECK(text(ByteCount{1'048'576}) == "1MiB");
  CHECK(text(Bandwidth{1'000'000'000}) == "1Gbps");
  CHECK(text(ComputeSpeed{1'000'000'000'000'000'000}) == "1000000Tf");
}

TEST_CASE("what is written is read back") {
  for (const std::int64_t count : {0ll, 1ll, 999ll, 1'000ll, 1'001ll, 86'400'000'000'000ll, 9'936'000'000'000'000ll})
    CHECK(parsed<Duration>(text(Duration(count))).count() == count);
  for (const std::uint64_t bytes : {0ull, 1ull, 1023ull, 1024ull, 1025ull, 1'024'000ull, 1ull << 50, (1ull << 50) - 1})
    CHECK(parsed<ByteCount>(text(ByteCount{bytes})).bytes == bytes);
  for (const std::uint64_t flops : {1ull, 999'999'999'999'999'999ull, 1'000'000'000'000'000'000ull})
    CHECK(parsed<ComputeSpeed>(text(ComputeSpeed{flops})).flops == flops);
  for (const std::string_view written : {"0%", "2%", "0.5%", "1/3", "1/50", "99.999%", "100%", "1/4294967296"}) {
    const auto probability = parsed<Probability>(written);
    CHECK(parsed<Probability>(text(probability)) == probability);
  }
}

TEST_CASE("probabilities are percentages or ratios") {
  CHECK(parsed<Probability>("0%") == Probability::of(0));
  CHECK(parsed<Probability>("100%") == Probability::of(1));
  CHECK(parsed<Probability>("12.5%") == Probability::of(0.125));
  CHECK(parsed<Probability>("1/8") == Probability::of(0.125));
  CHECK(parsed<Probability>("1/1") == Probability::of(1));
  CHECK(problem<Probability>("") == "`` is not a probability");
  CHECK(problem<Probability>("-1%") == "`-1%` is not a probability");
  CHECK(problem<Probability>("0.5") == "`0.5` lacks its unit");
  CHECK(problem<Probability>("101%") == "`101%` is more than certain");
  CHECK(problem<Probability>("3/2") == "`3/2` is more than certain");
  CHECK(problem<Probability>("1/0") == "`1/0` is not a ratio");
  CHECK(problem<Probability>("1/2.5") == "`1/2.5` is not a ratio");
  CHECK(problem<Probability>("1/2%") == "`1/2%` is not a ratio");
  CHECK(problem<Probability>("1.5/2") == "`1.5/2` is not a probability");
  CHECK(problem<Probability>("2 percent") == "`2 percent` is not a probability");
}

TEST_CASE("roundings for people") {
  CHECK(rounded(Duration(999)) == "999 ns");
  CHECK(rounded(Duration(12'345)) == "12.35 us");
  CHECK(rounded(Duration(12'300'000)) == "12.3 ms");
  CHECK(rounded(Duration(5'000'000'000)) == "5 s");
  CHECK(rounded_count(99'999) == "99999");
  CHECK(rounded_count(123'456) == "123.5 thousand");
  CHECK(rounded_count(12'345'678) == "12.35 million");
  CHECK(rounded_count(1'234'567'890) == "1.235 billion");
  CHECK(rounded_bytes(999) == "999 B");
  CHECK(rounded_bytes(1'500'000) == "1.5 MB");
}

}  // namespace conclave

#include <doctest/doctest.h>

#include "core/quantity.hpp"

namespace conclave {

TEST_CASE("a quantity is what its unit says") {
  using Kind = Quantity::Kind;
  CHECK(parse_quantity("12") == Quantity{Kind::integer, 12});
  CHECK(parse_quantity("2.5") == Quantity{Kind::number, 2'500'000});
  CHECK(parse_quantity("1.5ms") == Quantity{Kind::duration, 1'500'000});
  CHECK(parse_quantity("2KiB") == Quantity{Kind::size, 2048});
  CHECK(parse_quantity("1Gbps") == Quantity{Kind::bandwidth, 1'000'000'000});
  CHECK(parse_quantity("2Gf") == Quantity{Kind::speed, 2'000'000'000});
  CHECK(parse_quantity("5%") == Quantity{Kind::probability, 5'000'000});
  CHECK(parse_quantity("1/50") == Quantity{Kind::probability, 2'000'000});
  for (const char* none : {"", "abc", "-1", "1 2", "5x", "150%"}) CHECK_FALSE(parse_quantity(none).has_value());
}

TEST_CASE("a quantity is written as it is read") {
  for (const char* written : {"12", "2.5", "1500us", "2KiB", "1Gbps", "2Gf", "5%", "0.25%"})
    CHECK(text(*parse_quantity(written)) == written);
}

TEST_CASE("quantities are numbers in the units of results") {
  CHECK(parse_quantity("1ms")->number() == 1e6);
  CHECK(parse_quantity("2.5")->number() == 2.5);
  CHECK(parse_quantity("5%")->number() == doctest::Approx(0.05).epsilon(1e-9));
}

TEST_CASE("a range has two ends of one kind in ascending order") {
  const auto range = parse_range("1ms..1s");
  REQUIRE(range.has_value());
  CHECK(range->low.steps == 1'000'000);
  CHECK(range->high.steps == 1'000'000'000);
  CHECK(parse_range("1..2.5")->low == Quantity{Quantity::Kind::number, 1'000'000});
  for (const char* none : {"1ms", "1s..1ms", "1ms..5", "1..", "..3", "a..b"})
    CHECK_FALSE(parse_range(none).has_value());
}

}  // namespace conclave

// The generator is SplitMix64, draws are uniform, and a stream can be read anywhere without shifting anything else.

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cstdlib>
#include <set>
#include <vector>

#include "core/hash.hpp"
#include "core/random.hpp"

namespace conclave {
namespace {

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15u;

/// Pearson's statistic of how far counts are from uniform.
template <class Counts>
double chi_square(const Counts& counts, double draws) {
  const double expected = draws / static_cast<double>(counts.size());
  double sum = 0;
  for (const std::uint64_t count : counts) {
    const double off = static_cast<double>(count) - expected;
    sum += off * off / expected;
  }
  return sum;
}

}  // namespace

TEST_CASE("mix is SplitMix64: the published outputs for the state 1234567") {
  const std::uint64_t published[] = {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                     4593380528125082431u, 16408922859458223821u};
  std::uint64_t state = 1234567;
  for (const std::uint64_t expected : published) CHECK(mix(state += kGolden) == expected);
}

TEST_CASE("a stream is SplitMix64 whose state is the hash of its name under the seed") {
  const Stream stream(42, "loss");
  std::uint64_t state = hash64("loss", 42);
  for (std::uint64_t i = 0; i < 100; i++) CHECK(stream.at(i) == mix(state += kGolden));
}

TEST_CASE("random reads its stream from the front") {
  const Stream stream(1, "agent");
  Random random(stream);
  for (std::uint64_t i = 0; i < 100; i++) {
    CHECK(random.drawn() == i);
    CHECK(random.next() == stream.at(i));
  }
  Random copy = random;
  CHECK(copy.next() == random.next());
}

TEST_CASE("streams are read at any position, and names, seeds and ids keep them apart") {
  const Stream stream(1, "a");
  const std::uint64_t last = stream.at(1'000'000);
  CHECK(stream.at(5) == Stream(1, "a").at(5));
  CHECK(stream.at(1'000'000) == last);
  std::set<std::uint64_t> words;
  std::size_t read = 0;
  for (const Stream& other : {stream, Stream(2, "a"), Stream(1, "b"), stream.child(0), stream.child(1),
                              stream.child(0).child(0), stream.child(0).child(1), stream.child(1).child(0)}) {
    for (std::uint64_t i = 0; i < 1000; i++, read++) words.insert(other.at(i));
  }
  CHECK(words.size() == read);
}

TEST_CASE("a child does not depend on what is read elsewhere") {
  const Stream parent(7, "links");
  const std::uint64_t before = parent.child(3).at(0);
  Random random(parent);
  for (int i = 0; i < 10; i++) random.next();
  CHECK(parent.child(3).at(0) == before);
}

TEST_CASE("every input bit of mix moves about half of the output bits") {
  for (int bit = 0; bit < 64; bit++) {
    int moved = 0;
    for (std::uint64_t i = 1; i <= 200; i++) {
      const std::uint64_t x = i * kGolden;
      moved += std::popcount(mix(x) ^ mix(x ^ (std::uint64_t{1} << bit)));
    }
    // 12 800 fair coins: 6 400 expected, standard deviation 57. Six of them either way.
    CHECK(moved > 6400 - 6 * 57);
    CHECK(moved < 6400 + 6 * 57);
  }
}

TEST_CASE("below stays below and is uniform") {
  constexpr int kDraws = 200'000;
  // Upper 10^-6 quantiles of chi-square with 2, 6 and 99 degrees of freedom. The seed is fixed: this cannot flicker.
  const auto check = [](auto counts, double bound) {
    Random random(Stream(2024, "below"));
    for (int i = 0; i < kDraws; i++) counts.at(random.below(counts.size()))++;  // at() refuses what is not below
    CHECK(chi_square(counts, kDraws) < bound);
  };
  check(std::array<std::uint64_t, 3>{}, 27.64);
  check(std::array<std::uint64_t, 7>{}, 38.26);
  check(std::array<std::uint64_t, 100>{}, 178.5);
}

TEST_CASE("below is unbiased where a plain remainder is not") {
  // With the bound 3 * 2^62 a remainder of 64 bits would hit the lowest third twice as often as the others.
  constexpr std::uint64_t kThird = std::uint64_t{1} << 62;
  constexpr int kDraws = 90'000;
  std::array<std::uint64_t, 3> counts{};
  Random random(Stream(5, "bias"));
  for (int i = 0; i < kDraws; i++) counts[random.below(3 * kThird) / kThird]++;
  CHECK(chi_square(counts, kDraws) < 27.64);
  CHECK(random.drawn() > kDraws * 5 / 4);  // a third more on average: refused words were drawn again
}

TEST_CASE("below 1 is 0, and the largest bound works") {
  Random random(Stream(1, "edge"));
  for (int i = 0; i < 100; i++) CHECK(random.below(1) == 0);
  for (int i = 0; i < 100; i++) CHECK(random.below(~std::uint64_t{0}) < ~std::uint64_t{0});
}

TEST_CASE("a probability hits its share of all words") {
  CHECK(!Probability().hits(0));
  CHECK(!Probability::of(0).hits(0));
  CHECK(Probability::of(1).hits(~std::uint64_t{0}));
  const Probability quarter = Probability::of(0.25);
  CHECK(quarter.value() == 0.25);
  CHECK(quarter.hits((std::uint64_t{1} << 62) - 1));
  CHECK(!quarter.hits(std::uint64_t{1} << 62));
  int hits = 0;
  Random random(Stream(3, "coin"));
  for (int i = 0; i < 100'000; i++) hits += random.hits(quarter);
  CHECK(std::abs(hits - 25'000) < 6 * 137);  // six standard deviations
}

}  // namespace conclave

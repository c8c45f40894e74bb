// What a replica of PBFT remembers of the others' progress is what a plain table of numbers would hold.

#include <doctest/doctest.h>

#include <algorithm>

#include "core/random.hpp"
#include "protocols/consensus/pbft/heard.hpp"

using namespace conclave;

TEST_CASE("pbft remembers how far each replica has come however far off") {
  constexpr std::uint32_t kReplicas = 50;
  Random random(Stream(1, "heard"));
  Heard heard;
  std::vector<std::uint64_t> model(kReplicas);
  std::uint64_t executed = 0;
  for (int i = 0; i < 50'000; i++) {
    const std::uint64_t reach[] = {3, 200, 600, 1'000'000};
    const auto rank = static_cast<std::uint32_t>(random.below(kReplicas));
    const std::uint64_t sequence = (executed > 5 ? executed - 5 : 0) + random.below(reach[random.below(4)]);
    heard.note(rank, kReplicas, sequence);
    model[rank] = std::max(model[rank], sequence);
    if (random.below(4) == 0)
      heard.executed(executed += random.below(100) == 0 ? random.below(2'000) : random.below(3));
    if (random.below(500) == 0) std::fill(model.begin(), model.end(), 0), heard = Heard(), heard.executed(executed);
    const std::uint64_t asked = executed + random.below(300);
    const auto beyond = std::count_if(model.begin(), model.end(), [&](std::uint64_t each) { return each > asked; });
    REQUIRE(heard.beyond(asked) == static_cast<std::uint64_t>(beyond));
  }
}

// The fingerprint of decisions: what was decided counts, and how often and by whom; when and in which order does not.

#include <doctest/doctest.h>

#include "core/consensus_events.hpp"
#include "trace/event_stream.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;

RecordPtr executed(std::uint64_t sequence) {
  return share(Executed{.sequence = sequence, .client = agent(9), .request = sequence});
}

struct Said {
  std::uint32_t by;
  Duration at;
  RecordPtr record;
};

struct Fingerprints {
  Hash128 events;
  Hash128 decisions;
};

/// Of two agents that say this.
Fingerprints of(const std::vector<Said>& all) {
  EventStream stream;
  std::vector<EventLog> logs(2);
  for (const Said& said : all) stream.emitted(logs[said.by], agent(said.by), Time(said.at), said.record);
  const std::vector<const EventLog*> each{&logs[0], &logs[1]};
  return {EventStream::fingerprint(each), EventStream::decisions_fingerprint(each)};
}

}  // namespace

TEST_CASE("decisions are the same at other times, in another order, and among other events") {
  const Fingerprints early = of({{0, 1ms, executed(1)}, {0, 2ms, executed(2)}});
  const Fingerprints late = of({{0, 3ms, executed(2)}, {0, 4ms, share(Proposed{})}, {0, 5ms, executed(1)}});
  CHECK(early.events != late.events);
  CHECK(early.decisions == late.decisions);
}

TEST_CASE("decisions differ by what was decided, how often and by whom") {
  const std::vector<Fingerprints> all{
      of({}),
      of({{0, 1ms, executed(1)}}),
      of({{1, 1ms, executed(1)}}),
      of({{0, 1ms, executed(2)}}),
      of({{0, 1ms, executed(1)}, {0, 2ms, executed(1)}}),
      of({{0, 1ms, executed(1)}, {0, 2ms, executed(2)}}),
      of({{0, 1ms, executed(1)}, {1, 2ms, executed(2)}}),
  };
  for (std::size_t a = 0; a < all.size(); a++)
    for (std::size_t b = 0; b < a; b++) CHECK(all[a].decisions != all[b].decisions);
}

TEST_CASE("what is said on the way to a decision is none") {
  CHECK(of({{0, 1ms, share(Decided{.sequence = 1})}}).decisions == of({}).decisions);
}

TEST_CASE("hashes add up as numbers of 128 bits") {
  Hash128 sum{.low = ~std::uint64_t{0}, .high = 1};
  sum += {.low = 2, .high = 3};
  CHECK(sum == Hash128{.low = 1, .high = 5});
}

}  // namespace conclave

// Total order without gaps: all honest replicas execute the same requests in the same order with the same results, and
// none leaves a slot out. A replica may skip slots only by taking over the state of a stable checkpoint.
//
// The first honest replica to come so far writes the log; every other one must repeat it.

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"

namespace conclave {
namespace {

class TotalOrder final : public Checker {
 public:
  TotalOrder(const NoOptions&, const RunFacts& facts) : roster_(facts.roster), replicas_(facts.roster.size()) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent) || !violation_.empty()) return;
    Replica& replica = replicas_[index(event.agent)];
    if (const auto* decided = event.record->as<Decided>()) {
      replica.decided.insert(decided->sequence);
    } else if (const auto* checkpointed = event.record->as<Checkpointed>()) {
      on_checkpointed(event, *checkpointed, replica);
    } else if (const auto* executed = event.record->as<Executed>()) {
      on_executed(event, *executed, replica);
    }
  }

  Verdict conclude(const RunEnd&) override {
    if (!violation_.empty()) return {false, violation_};
    std::string detail = fmt::format("{} requests in one order, {} executions", log_.size(), executions_);
    if (transfers_ > 0) detail += fmt::format("; {} times a replica took over a state", transfers_);
    return {true, std::move(detail)};
  }

 private:
  struct Entry {
    std::uint64_t sequence;
    AgentId client;
    std::uint64_t request;
    Digest digest;
    Digest result;
    AgentId by;  ///< who executed it first
    bool same(const Executed& executed) const {
      return sequence == executed.sequence && client == executed.client && request == executed.request &&
             digest == executed.request_digest && result == executed.result;
    }
  };
  struct Replica {
    std::size_t position = 0;         ///< in the log, of its next execution
    std::uint64_t last = 0;           ///< slot that it has executed
    std::set<std::uint64_t> decided;  ///< slots beyond
  };

  void on_executed(const Event& event, const Executed& executed, Replica& replica) {
    executions_++;
    for (std::uint64_t slot = replica.last + 1; slot < executed.sequence; slot++)
      if (!replica.decided.contains(slot))
        return fail(event, fmt::format("executed slot {} with slot {} left out", executed.sequence, slot));
    replica.last = executed.sequence;
    replica.decided.erase(replica.decided.begin(), replica.decided.upper_bound(executed.sequence - 1));
    if (replica.position == log_.size()) {
      log_.push_back({executed.sequence, executed.client, executed.request, executed.request_digest, executed.result,
                      event.agent});
    } else if (const Entry& entry = log_[replica.position]; !entry.same(executed)) {
      fail(event, fmt::format("executed request {} of {} at slot {} as its number {}, where {} had executed request {} "
                              "of {} at slot {}{}",
                              executed.request, roster_.name(executed.client), executed.sequence, replica.position + 1,
                              roster_.name(entry.by), entry.request, roster_.name(entry.client), entry.sequence,
                              entry.digest == executed.request_digest ? ", with another result" : ""));
    }
    replica.position++;
  }

  void on_checkpointed(const Event& event, const Checkpointed& checkpointed, Replica& replica) {
    const auto [first, fresh] = states_.try_emplace(checkpointed.sequence, State{checkpointed.state, event.agent});
    if (first->second.digest != checkpointed.state)
      return fail(event, fmt::format("has another state after slot {} than {}", checkpointed.sequence,
                                     roster_.name(first->second.by)));
    const auto after = std::upper_bound(log_.begin(), log_.end(), checkpointed.sequence,
                                        [](std::uint64_t slot, const Entry& entry) { return slot < entry.sequence; });
    const auto position = static_cast<std::size_t>(after - log_.begin());
    if (position <= replica.position && checkpointed.sequence <= replica.last) return;
    if (position > replica.position) transfers_++;
    replica.position = std::max(replica.position, position);
    replica.last = std::max(replica.last, checkpointed.sequence);
  }

  void fail(const Event& event, const std::string& what) {
    violation_ = fmt::format("{} {} at {:.6f} s", roster_.name(event.agent), what, seconds(event.time));
  }

  struct State {
    Digest digest;
    AgentId by;
  };
  const Roster& roster_;
  std::vector<Replica> replicas_;
  std::vector<Entry> log_;
  std::map<std::uint64_t, State> states_;  ///< of checkpoints
  std::uint64_t executions_ = 0;
  std::uint64_t transfers_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<TotalOrder>(
    {.name = "total_order",
     .family = "consensus",
     .summary = "honest replicas execute the same requests in one order, without gaps"});

}  // namespace
}  // namespace conclave

// Agreement: no two honest replicas decide different values for one slot.

#include <fmt/core.h>

#include <map>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"

namespace conclave {
namespace {

class Agreement final : public Checker {
 public:
  Agreement(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    const auto* decided = event.record->as<Decided>();
    if (!decided || !roster_.honest(event.agent) || !violation_.empty()) return;
    const auto [first, fresh] = first_.try_emplace(decided->sequence, First{decided->digest, event.agent, event.time});
    decisions_++;
    if (fresh || first->second.digest == decided->digest) return;
    violation_ =
        fmt::format("slot {}: {} decided {} at {:.6f} s, but {} had decided {} at {:.6f} s", decided->sequence,
                    roster_.name(event.agent), decided->digest.text(), seconds(event.time),
                    roster_.name(first->second.agent), first->second.digest.text(), seconds(first->second.time));
  }

  Verdict conclude(const RunEnd&) override {
    if (!violation_.empty()) return {false, violation_};
    return {true, fmt::format("{} decisions on {} slots, none in conflict", decisions_, first_.size())};
  }

 private:
  struct First {
    Digest digest;
    AgentId agent;
    Time time;
  };
  const Roster& roster_;
  std::map<std::uint64_t, First> first_;
  std::uint64_t decisions_ = 0;
  std::string violation_;
};

const bool registered =
    CheckerCatalog::add<Agreement>({.name = "agreement",
                                    .family = "consensus",
                                    .summary = "no two honest replicas decide different values for one slot"});

}  // namespace
}  // namespace conclave

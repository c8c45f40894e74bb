// Integrity: an honest replica decides each slot once, executes slots in order and each request at most once, and only
// what it has decided for that slot. A slot may hold several requests.

#include <fmt/core.h>

#include <map>
#include <set>
#include <tuple>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"

namespace conclave {
namespace {

class Integrity final : public Checker {
 public:
  Integrity(const NoOptions&, const RunFacts& facts) : roster_(facts.roster), replicas_(facts.roster.size()) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent) || !violation_.empty()) return;
    if (const auto* decided = event.record->as<Decided>()) on_decided(event, *decided);
    if (const auto* executed = event.record->as<Executed>()) on_executed(event, *executed);
  }

  Verdict conclude(const RunEnd&) override {
    if (!violation_.empty()) return {false, violation_};
    return {true, fmt::format("{} executions, each of a decided slot, none repeated", executions_)};
  }

 private:
  struct Replica {
    std::map<std::uint64_t, Digest> decided;
    std::uint64_t last_executed = 0;
    std::set<std::pair<AgentId, std::uint64_t>> requests;
  };

  void on_decided(const Event& event, const Decided& decided) {
    if (replicas_[index(event.agent)].decided.try_emplace(decided.sequence, decided.digest).second) return;
    fail(event, fmt::format("decided slot {} twice", decided.sequence));
  }

  void on_executed(const Event& event, const Executed& executed) {
    Replica& replica = replicas_[index(event.agent)];
    executions_++;
    const auto decided = replica.decided.find(executed.sequence);
    if (decided == replica.decided.end()) {
      fail(event, fmt::format("executed slot {} without having decided it", executed.sequence));
    } else if (decided->second != executed.digest) {
      fail(event, fmt::format("executed {} at slot {}, where it had decided {}", executed.digest.text(),
                              executed.sequence, decided->second.text()));
    } else if (executed.sequence < replica.last_executed) {
      fail(event, fmt::format("executed slot {} after slot {}", executed.sequence, replica.last_executed));
    } else if (!replica.requests.emplace(executed.client, executed.request).second) {
      fail(event, fmt::format("executed request {} of {} twice", executed.request, roster_.name(executed.client)));
    }
    replica.last_executed = executed.sequence;
  }

  void fail(const Event& event, const std::string& what) {
    violation_ = fmt::format("{} {} at {:.6f} s", roster_.name(event.agent), what, seconds(event.time));
  }

  const Roster& roster_;
  std::vector<Replica> replicas_;
  std::uint64_t executions_ = 0;
  std::string violation_;
};

const bool registered =
    CheckerCatalog::add<Integrity>({.name = "integrity",
                                    .family = "consensus",
                                    .summary = "slots and requests are decided and executed once, as decided"});

}  // namespace
}  // namespace conclave

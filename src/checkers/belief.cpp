// Belief: what an honest client takes for the result of its request is true. For a request that was ordered, an honest
// replica has executed it with that result. For one that only reads, the result is a state that honest replicas have
// been in, and not one from before a write that had been answered when the read began (linearizability: Herlihy and
// Wing, 1990).

#include <fmt/core.h>

#include <map>
#include <utility>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"

namespace conclave {
namespace {

class Belief final : public Checker {
 public:
  Belief(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent)) return;
    if (const auto* executed = event.record->as<Executed>()) {
      results_[{executed->client, executed->request}].emplace(executed->result, event.agent);
      positions_.try_emplace(executed->result, positions_.size() + 1);
    } else if (const auto* issued = event.record->as<RequestIssued>()) {
      Asked& asked = asked_[{event.agent, issued->request}];
      asked.read_only = issued->read_only;
      asked.floor = event.time > answered_at_ ? answered_ : answered_before_;
    } else if (const auto* completed = event.record->as<RequestCompleted>()) {
      on_completed(event, *completed);
    }
  }

  Verdict conclude(const RunEnd&) override {
    for (const auto& [request, belief] : beliefs_)
      if (std::string problem = judge(request, belief); !problem.empty())
        return {false, fmt::format("{} believed at {:.6f} s that request {} gave {}, {}", roster_.name(request.first),
                                   seconds(belief.at), request.second, belief.result.text(), problem)};
    return {true, fmt::format("{} results believed, {} of them of unordered reads", beliefs_.size(), reads_)};
  }

 private:
  using RequestName = std::pair<AgentId, std::uint64_t>;
  struct Asked {
    bool read_only = false;
    std::size_t floor = 0;  ///< position of the last state that the client may know of from others
  };
  struct Believed {
    Digest result;
    Time at;
    Asked asked;
  };

  void on_completed(const Event& event, const RequestCompleted& completed) {
    const RequestName name{event.agent, completed.request};
    const Asked asked = asked_[name];
    beliefs_.try_emplace(name, Believed{completed.result, event.time, asked});
    if (asked.read_only) reads_++;
    const auto position = positions_.find(completed.result);
    if (position == positions_.end() || position->second <= answered_) return;
    if (event.time > answered_at_) answered_before_ = answered_;
    answered_ = position->second;
    answered_at_ = event.time;
  }

  /// What is wrong with a belief; empty if it is true.
  std::string judge(const RequestName& request, const Believed& belief) const {
    if (!belief.asked.read_only) {
      const auto results = results_.find(request);
      if (results == results_.end()) return "but no honest replica has executed it";
      if (results->second.contains(belief.result)) return {};
      return fmt::format("but {} executed it with {}", roster_.name(results->second.begin()->second),
                         results->second.begin()->first.text());
    }
    if (belief.result == Digest{}) return belief.asked.floor == 0 ? "" : "the state before all writes";
    const auto position = positions_.find(belief.result);
    if (position == positions_.end()) return "which was never the state of an honest replica";
    if (position->second >= belief.asked.floor) return {};
    return fmt::format("the state after {} writes, though {} had been answered when it asked", position->second,
                       belief.asked.floor);
  }

  const Roster& roster_;
  std::map<RequestName, std::map<Digest, AgentId>> results_;  ///< of honest executions
  std::map<Digest, std::size_t> positions_;                   ///< of states, from 1, in the order of their appearance
  std::map<RequestName, Asked> asked_;
  std::map<RequestName, Believed> beliefs_;
  std::size_t answered_ = 0;         ///< position of the latest state that a client has seen
  std::size_t answered_before_ = 0;  ///< the same, before the instant answered_at_
  Time answered_at_ = kStartOfRun;
  std::uint64_t reads_ = 0;
};

const bool registered = CheckerCatalog::add<Belief>(
    {.name = "belief", .family = "consensus", .summary = "what honest clients take for results is true"});

}  // namespace
}  // namespace conclave

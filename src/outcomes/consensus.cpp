// What a consensus run reports: one round per slot, from proposal to decision.
//
// Definitions. A round's consensus is reached when a quorum of its group, floor((n + f) / 2) + 1 with f = (n - 1) / 3,
// is seen to decide one value; its latency runs from the client's request (from the proposal if the client is not seen)
// to the decision that completed the quorum. Participants are the honest replicas that decided. Confidence is the share
// of the group's honest replicas that are known to have decided that value: 1 means that nobody honest is left behind.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"
#include "core/quorum.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

/// Rounds written out at most; the totals cover all.
constexpr std::size_t kRoundsListed = 1000;

class ConsensusOutcome final : public Outcome {
 public:
  ConsensusOutcome(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (const auto* issued = event.record->as<RequestIssued>()) {
      issued_.try_emplace(issued->digest, event.time);
    } else if (const auto* proposed = event.record->as<Proposed>()) {
      Round& round = rounds_[proposed->sequence];
      if (!round.proposal) round.proposal = Proposal{proposed->view, proposed->digest, event.agent, event.time};
    } else if (const auto* decided = event.record->as<Decided>()) {
      on_decided(event, *decided);
    } else if (event.record->as<RequestCompleted>()) {
      completed_++;
    }
  }

  std::string json(const RunEnd&) const override {
    if (empty()) return {};
    std::string rounds;
    std::size_t listed = 0;
    for (const auto& [sequence, round] : rounds_) {
      if (listed++ == kRoundsListed) break;
      rounds += (rounds.empty() ? "" : ",") + round_json(sequence, round);
    }
    return fmt::format(
        R"({{"requests_issued":{},"requests_completed":{},"rounds_total":{},"rounds_decided":{},"rounds_listed":{},)"
        R"("rounds":[{}]}})",
        issued_.size(), completed_, rounds_.size(), decided_rounds(), std::min(rounds_.size(), kRoundsListed), rounds);
  }

  std::string summary(const RunEnd&) const override {
    if (empty()) return {};
    std::vector<Duration> latencies;
    for (const auto& [sequence, round] : rounds_)
      if (round.reached_at) latencies.push_back(latency(round));
    std::string text = fmt::format("{} of {} requests completed, {} of {} rounds decided", completed_, issued_.size(),
                                   latencies.size(), rounds_.size());
    if (latencies.empty()) return text;
    std::sort(latencies.begin(), latencies.end());
    return text + fmt::format(" · latency {} median, {} worst", rounded(latencies[latencies.size() / 2]),
                              rounded(latencies.back()));
  }

 private:
  struct Proposal {
    std::uint64_t view;
    Digest digest;
    AgentId by;
    Time at;
  };
  struct Round {
    std::optional<Proposal> proposal;
    std::map<Digest, std::vector<AgentId>> deciders;  ///< honest ones
    std::optional<Digest> decision;
    std::optional<Time> reached_at;
    std::uint64_t view = 0;
  };

  bool empty() const { return issued_.empty() && rounds_.empty(); }

  void on_decided(const Event& event, const Decided& decided) {
    if (!roster_.honest(event.agent)) return;
    Round& round = rounds_[decided.sequence];
    std::vector<AgentId>& deciders = round.deciders[decided.digest];
    deciders.push_back(event.agent);
    const std::uint32_t n = roster_.group_of(event.agent).agents.count;
    if (round.reached_at || deciders.size() < byzantine_quorum(n, most_faulty(n))) return;
    round.reached_at = event.time;
    round.decision = decided.digest;
    round.view = decided.view;
  }

  std::size_t decided_rounds() const {
    return static_cast<std::size_t>(std::count_if(
        rounds_.begin(), rounds_.end(), [](const auto& entry) { return entry.second.reached_at.has_value(); }));
  }

  /// Requires that consensus was reached.
  Duration latency(const Round& round) const {
    if (const auto issued = issued_.find(*round.decision); issued != issued_.end())
      return *round.reached_at - issued->second;
    return round.proposal ? *round.reached_at - round.proposal->at : Duration::zero();
  }

  double confidence(const Round& round) const {
    if (!round.decision) return 0;
    const std::vector<AgentId>& deciders = round.deciders.at(*round.decision);
    const AgentRange group = roster_.group_of(deciders.front()).agents;
    const auto honest = std::count_if(group.begin(), group.end(), [&](AgentId id) { return roster_.honest(id); });
    return static_cast<double>(deciders.size()) / static_cast<double>(honest);
  }

  std::string round_json(std::uint64_t sequence, const Round& round) const {
    std::string out = fmt::format(R"({{"round_id":{})", sequence);
    if (round.proposal) {
      out += fmt::format(R"(,"proposal":"{}","proposer":"{}","proposed_at_ns":{})", round.proposal->digest.text(),
                         roster_.name(round.proposal->by), nanoseconds(round.proposal->at));
    }
    std::vector<AgentId> participants;
    for (const auto& [digest, deciders] : round.deciders)
      participants.insert(participants.end(), deciders.begin(), deciders.end());
    out += fmt::format(R"(,"view":{},"participants":[{}],"consensus_reached":{})", round.view,
                       ranges(std::move(participants)), round.reached_at.has_value());
    if (round.reached_at) {
      out += fmt::format(R"(,"decision":"{}","latency_ns":{})", round.decision->text(), latency(round).count());
    }
    return out + fmt::format(R"(,"byzantine_detected":[],"confidence":{}}})", confidence(round));
  }

  /// Names with runs of neighbours joined: "replica[0..2]", "replica[5]".
  std::string ranges(std::vector<AgentId> agents) const {
    std::sort(agents.begin(), agents.end());
    std::string out;
    for (std::size_t i = 0; i < agents.size();) {
      std::size_t last = i;
      const Group& group = roster_.group_of(agents[i]);
      while (last + 1 < agents.size() && index(agents[last + 1]) == index(agents[last]) + 1 &&
             group.agents.contains(agents[last + 1])) {
        last++;
      }
      const std::uint32_t from = group.agents.rank(agents[i]);
      const std::uint32_t to = group.agents.rank(agents[last]);
      out += fmt::format("{}\"{}[{}]\"", out.empty() ? "" : ",", group.name,
                         from == to ? fmt::format("{}", from) : fmt::format("{}..{}", from, to));
      i = last + 1;
    }
    return out;
  }

  const Roster& roster_;
  std::map<Digest, Time> issued_;
  std::map<std::uint64_t, Round> rounds_;
  std::uint64_t completed_ = 0;
};

const bool registered =
    OutcomeCatalog::add<ConsensusOutcome>({.name = "consensus",
                                           .family = "consensus",
                                           .summary = "rounds: proposal, participants, decision, latency, confidence"});

}  // namespace
}  // namespace conclave

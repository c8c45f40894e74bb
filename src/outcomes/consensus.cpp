// What a consensus run reports: one round per slot, from proposal to decision, and who was caught lying.
//
// Definitions. A round's consensus is reached when a quorum of its group, floor((n + f) / 2) + 1 with f = (n - 1) / 3,
// or a majority where the protocol bears crashes only, is seen to decide one value; its latency runs from the oldest of
// the requests that it orders (from the proposal if their client is not seen) to the decision that completed the
// quorum. Participants are the honest replicas that decided. Confidence is the share of the group's honest replicas
// that are known to have decided that value: 1 means that nobody honest is left behind, 0 that consensus was not
// reached. It says nothing about a faulty replica, whose word is worth nothing.
//
// A round that fails says in which phase and why: the first reason for which a replica refused its proposal, or that it
// timed out, or that the run ended. Its phases count the honest replicas that saw a quorum in each.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"
#include "core/quorum.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

/// Rounds written out at most; the totals cover all.
constexpr std::size_t kRoundsListed = 1000;

/// Accusations written out at most; the counts cover all.
constexpr std::size_t kAccusationsListed = 1000;

class ConsensusOutcome final : public Outcome {
 public:
  ConsensusOutcome(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    const Record& record = *event.record;
    if (const auto* issued = record.as<RequestIssued>()) {
      issued_.try_emplace(issued->digest, event.time);
      requests_.emplace(event.agent, issued->request);
    } else if (const auto* proposed = record.as<Proposed>()) {
      Round& round = rounds_[proposed->sequence];
      if (!round.proposal) round.proposal = Proposal{proposed->view, proposed->digest, event.agent, event.time};
    } else if (record.as<RequestCompleted>()) {
      completed_++;
    } else if (roster_.honest(event.agent)) {
      observe_replica(event);
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
        R"("highest_view":{},"accusations":{},"byzantine_detected":[{}],"rounds":[{}]}})",
        requests_.size(), completed_, rounds_.size(), decided_rounds(), std::min(rounds_.size(), kRoundsListed), views_,
        accused_total_, accusations_json(std::nullopt), rounds);
  }

  std::string summary(const RunEnd&) const override {
    if (empty()) return {};
    std::vector<Duration> latencies;
    for (const auto& [sequence, round] : rounds_)
      if (round.reached_at) latencies.push_back(latency(round));
    std::string text = fmt::format("{} of {} requests completed, {} of {} rounds decided", completed_, requests_.size(),
                                   latencies.size(), rounds_.size());
    if (!latencies.empty()) {
      std::sort(latencies.begin(), latencies.end());
      text += fmt::format(" · latency {} median, {} worst", rounded(latencies[latencies.size() / 2]),
                          rounded(latencies.back()));
    }
    if (views_ > 0) text += fmt::format(" · reached view {}", views_);
    std::set<AgentId> caught;
    for (const Accusation& accusation : accusations_) caught.insert(accusation.accused);
    if (!caught.empty()) text += fmt::format(" · caught lying: {}", ranges({caught.begin(), caught.end()}));
    return text;
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
    std::map<Digest, std::vector<AgentId>> deciders;            ///< honest ones
    std::vector<std::pair<std::string, std::uint32_t>> phases;  ///< honest replicas that saw a quorum in each
    std::string voted;                                          ///< the last phase in which anyone voted
    std::string timed_out;                                      ///< the last phase that timed out
    std::map<std::string, std::uint32_t> refusals;              ///< honest replicas by their reasons
    std::optional<Digest> decision;
    std::optional<Time> reached_at;
    std::uint64_t view = 0;
    AgentId executor = kNobody;  ///< the replica whose executions are counted
    std::uint32_t requests = 0;
    std::optional<Time> requested_at;  ///< the oldest of them
  };
  /// An Accused event in short: the evidence itself is in the trace.
  struct Accusation {
    AgentId accused;
    AgentId by;
    Offence offence;
    std::uint64_t view;
    std::uint64_t sequence;
    bool transferable;
    std::string evidence;
  };

  bool empty() const { return requests_.empty() && rounds_.empty(); }

  void observe_replica(const Event& event) {
    dispatch<Voted, Certified, Decided, Executed, ProposalRefused, PhaseTimedOut, ViewEntered, Accused>(
        *event.record, Overload{
                           [&](const Voted& voted) { at(voted.sequence, [&](Round& r) { r.voted = voted.phase; }); },
                           [&](const Certified& certified) {
                             at(certified.sequence, [&](Round& round) { count_phase(round, certified.phase); });
                           },
                           [&](const Decided& decided) { on_decided(event, decided); },
                           [&](const Executed& executed) { on_executed(event, executed); },
                           [&](const ProposalRefused& refused) {
                             if (refused.sequence > 0) rounds_[refused.sequence].refusals[refused.reason]++;
                           },
                           [&](const PhaseTimedOut& timeout) {
                             if (timeout.sequence > 0) rounds_[timeout.sequence].timed_out = timeout.phase;
                           },
                           [&](const ViewEntered& entered) {
                             if (entered.leader != kNobody) views_ = std::max(views_, entered.view);
                           },
                           [&](const Accused& accused) { on_accused(event, accused); },
                       });
  }

  /// Only what has been proposed, or waited for in vain, is a round: votes on views or for checkpoints make none.
  template <class Change>
  void at(std::uint64_t sequence, Change&& change) {
    if (const auto round = rounds_.find(sequence); round != rounds_.end()) change(round->second);
  }

  static void count_phase(Round& round, const std::string& phase) {
    for (auto& [name, count] : round.phases)
      if (name == phase) return void(count++);
    round.phases.emplace_back(phase, 1);
  }

  void on_decided(const Event& event, const Decided& decided) {
    Round& round = rounds_[decided.sequence];
    std::vector<AgentId>& deciders = round.deciders[decided.digest];
    deciders.push_back(event.agent);
    if (round.reached_at || deciders.size() < quorum_of(roster_.group_of(event.agent))) return;
    round.reached_at = event.time;
    round.decision = decided.digest;
    round.view = decided.view;
  }

  static std::uint32_t quorum_of(const Group& group) {
    const std::uint32_t n = group.agents.count;
    const auto& known = all_components();
    const bool crashes_only = std::any_of(known.begin(), known.end(), [&](const ComponentInfo& component) {
      return component.name == group.protocol && component.crash_faults_only;
    });
    return crashes_only ? crash_quorum(n) : byzantine_quorum(n, most_faulty(n));
  }

  void on_executed(const Event& event, const Executed& executed) {
    Round& round = rounds_[executed.sequence];
    if (round.executor == kNobody) round.executor = event.agent;
    if (round.executor != event.agent) return;
    round.requests++;
    const auto issued = issued_.find(executed.request_digest);
    if (issued == issued_.end()) return;
    round.requested_at = round.requested_at ? std::min(*round.requested_at, issued->second) : issued->second;
  }

  void on_accused(const Event& event, const Accused& accused) {
    accused_total_++;
    if (accusations_.size() == kAccusationsListed) return;
    std::string evidence;
    for (const RecordPtr& record : accused.evidence)
      evidence += fmt::format(R"({}{{"kind":"{}","digest":"{}"}})", evidence.empty() ? "" : ",", record->type->name,
                              Digest::of(record->encode().bytes).text());
    accusations_.push_back({accused.accused, event.agent, accused.offence, accused.view, accused.sequence,
                            accused.transferable, std::move(evidence)});
  }

  std::size_t decided_rounds() const {
    return static_cast<std::size_t>(std::count_if(
        rounds_.begin(), rounds_.end(), [](const auto& entry) { return entry.second.reached_at.has_value(); }));
  }

  /// Requires that consensus was reached.
  Duration latency(const Round& round) const {
    if (round.requested_at) return *round.reached_at - *round.requested_at;
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
    out += fmt::format(R"(,"view":{},"requests":{},"participants":[{}],"phases":{{{}}})", round.view, round.requests,
                       ranges(std::move(participants)), phases_json(round));
    if (!round.refusals.empty()) out += fmt::format(R"(,"refused":[{}])", refusals_json(round));
    out += fmt::format(R"(,"consensus_reached":{})", round.reached_at.has_value());
    if (round.reached_at) {
      out += fmt::format(R"(,"decision":"{}","latency_ns":{})", round.decision->text(), latency(round).count());
    } else {
      out += fmt::format(R"(,"failed_in":"{}","reason":)", failed_phase(round));
      codec::append_json_string(out, failure(round));
    }
    return out + fmt::format(R"(,"byzantine_detected":[{}],"confidence":{}}})", accusations_json(sequence),
                             confidence(round));
  }

  static std::string phases_json(const Round& round) {
    std::string out;
    for (const auto& [phase, count] : round.phases)
      out += fmt::format(R"({}"{}":{})", out.empty() ? "" : ",", phase, count);
    return out;
  }

  static std::string refusals_json(const Round& round) {
    std::string out;
    for (const auto& [reason, count] : round.refusals) {
      out += out.empty() ? R"({"reason":)" : R"(,{"reason":)";
      codec::append_json_string(out, reason);
      out += fmt::format(R"(,"replicas":{}}})", count);
    }
    return out;
  }

  /// Of a round without consensus.
  static std::string failed_phase(const Round& round) {
    if (!round.timed_out.empty()) return round.timed_out;
    return round.voted.empty() ? "pre_prepare" : round.voted;
  }

  static std::string failure(const Round& round) {
    if (round.voted.empty() && !round.refusals.empty()) return "refused: " + round.refusals.begin()->first;
    if (!round.timed_out.empty()) return "timed out without a quorum";
    return "the run ended without a quorum";
  }

  /// Of one round, or of all.
  std::string accusations_json(std::optional<std::uint64_t> sequence) const {
    std::string out;
    for (const Accusation& each : accusations_) {
      if (sequence && each.sequence != *sequence) continue;
      out += fmt::format(R"({}{{"agent":"{}","type":"{}","detected_by":"{}","view":{},"sequence":{},)"
                         R"("transferable":{},"evidence":[{}]}})",
                         out.empty() ? "" : ",", roster_.name(each.accused),
                         kOffenceNames[static_cast<std::size_t>(each.offence)], roster_.name(each.by), each.view,
                         each.sequence, each.transferable, each.evidence);
    }
    return out;
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
  std::set<std::pair<AgentId, std::uint64_t>> requests_;
  std::map<std::uint64_t, Round> rounds_;
  std::vector<Accusation> accusations_;
  std::uint64_t accused_total_ = 0;
  std::uint64_t completed_ = 0;
  std::uint64_t views_ = 0;  ///< the highest view that anyone has entered
};

const bool registered =
    OutcomeCatalog::add<ConsensusOutcome>({.name = "consensus",
                                           .family = "consensus",
                                           .summary = "rounds: proposal, participants, decision, latency, confidence"});

}  // namespace
}  // namespace conclave

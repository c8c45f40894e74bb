// Certificates: what an honest replica takes for the vote of a quorum is one. A certificate names at least a quorum of
// voters of the group, and every honest one of them has cast that very vote. And an honest replica casts one vote for
// each phase, view and slot.

#include <fmt/core.h>

#include <bit>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"
#include "core/quorum.hpp"

namespace conclave {

enum class QuorumKind { byzantine, majority };
template <>
struct Choices<QuorumKind> {
  static constexpr std::pair<QuorumKind, std::string_view> kNames[] = {{QuorumKind::byzantine, "byzantine"},
                                                                       {QuorumKind::majority, "majority"}};
};

namespace {

class Certificates final : public Checker {
 public:
  struct Options {
    QuorumKind quorum = QuorumKind::byzantine;
    std::optional<std::uint32_t> f;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("quorum", &Options::quorum, "byzantine: any two share an honest replica; majority: any two meet")
              .add("f", &Options::f, "Byzantine replicas that the group bears; as many as it can if not given");
      return table;
    }
  };

  Certificates(const Options& options, const RunFacts& facts) : roster_(facts.roster), options_(options) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent) || !violation_.empty()) return;
    if (const auto* voted = event.record->as<Voted>()) {
      on_voted(event, *voted);
    } else if (const auto* certified = event.record->as<Certified>()) {
      on_certified(event, *certified);
    }
  }

  Verdict conclude(const RunEnd&) override {
    // Judged at the end: where messages take no time, a certificate can stand before a vote in the same instant.
    for (const auto& [statement, claim] : claimed_) {
      if (!violation_.empty()) break;
      judge(statement, claim);
    }
    if (!violation_.empty()) return {false, violation_};
    return {true, fmt::format("{} certificates, {} votes of honest replicas", certificates_, votes_)};
  }

 private:
  using Words = std::vector<std::uint64_t>;
  using Place = std::tuple<AgentId, std::string, std::uint64_t, std::uint64_t>;  ///< group, phase, view, slot
  using Statement = std::pair<Place, Digest>;
  struct Claim {
    Words voters;  ///< that anyone has named
    AgentId by = kNobody;
    Time at;
  };

  void on_voted(const Event& event, const Voted& voted) {
    votes_++;
    const AgentRange group = roster_.group_of(event.agent).agents;
    const Place place{group.first, voted.phase, voted.view, voted.sequence};
    const auto [first, fresh] = ballots_.try_emplace({place, event.agent}, voted.digest);
    if (first->second != voted.digest)
      return fail(event, fmt::format("voted for two values in phase {} of view {}, slot {}", voted.phase, voted.view,
                                     voted.sequence));
    set(cast_[{place, voted.digest}], group.rank(event.agent));
  }

  void on_certified(const Event& event, const Certified& certified) {
    certificates_++;
    const AgentRange group = roster_.group_of(certified.group_first).agents;
    std::uint32_t count = 0;
    for (const std::uint64_t word : certified.voters) count += static_cast<std::uint32_t>(std::popcount(word));
    const std::uint32_t quorum = options_.quorum == QuorumKind::majority
                                     ? group.count / 2 + 1
                                     : byzantine_quorum(group.count, options_.f.value_or(most_faulty(group.count)));
    if (count < quorum)
      return fail(event, fmt::format("took {} votes for a quorum of {} in phase {} of view {}, slot {}", count, quorum,
                                     certified.phase, certified.view, certified.sequence));
    const Place place{group.first, certified.phase, certified.view, certified.sequence};
    Claim& claim = claimed_.try_emplace({place, certified.digest}, Claim{{}, event.agent, event.time}).first->second;
    claim.voters.resize(std::max(claim.voters.size(), certified.voters.size()));
    for (std::size_t i = 0; i < certified.voters.size(); i++) claim.voters[i] |= certified.voters[i];
  }

  void judge(const Statement& statement, const Claim& claim) {
    const auto& [place, digest] = statement;
    const auto& [first, phase, view, sequence] = place;
    const AgentRange group = roster_.group_of(first).agents;
    const Words& cast = cast_[statement];
    for (std::uint32_t rank = 0; rank < claim.voters.size() * 64; rank++) {
      if (!has(claim.voters, rank)) continue;
      if (rank >= group.count) {
        violation_ = fmt::format("{} counted a voter that is not of the group", roster_.name(claim.by));
      } else if (roster_.honest(group[rank]) && !has(cast, rank)) {
        violation_ = fmt::format(
            "a certificate for {} in phase {} of view {}, slot {}, first seen at {} at {:.6f} s, "
            "names {}, which has not cast that vote",
            digest.text(), phase, view, sequence, roster_.name(claim.by), seconds(claim.at), roster_.name(group[rank]));
      }
    }
  }

  static void set(Words& words, std::uint32_t rank) {
    if (words.size() <= rank / 64) words.resize(rank / 64 + 1);
    words[rank / 64] |= std::uint64_t{1} << (rank % 64);
  }
  static bool has(const Words& words, std::uint32_t rank) {
    return rank / 64 < words.size() && (words[rank / 64] >> (rank % 64) & 1);
  }

  void fail(const Event& event, const std::string& what) {
    violation_ = fmt::format("{} {} at {:.6f} s", roster_.name(event.agent), what, seconds(event.time));
  }

  const Roster& roster_;
  const Options options_;
  std::map<std::pair<Place, AgentId>, Digest> ballots_;  ///< what each honest replica has voted for
  std::map<Statement, Words> cast_;                      ///< who has voted for it
  std::map<Statement, Claim> claimed_;
  std::uint64_t votes_ = 0;
  std::uint64_t certificates_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<Certificates>(
    {.name = "certificates",
     .family = "consensus",
     .summary = "what counts as a quorum's vote is one, and honest replicas vote once"});

}  // namespace
}  // namespace conclave

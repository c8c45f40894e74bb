// Reliable broadcast: the five promises (Cachin, Guerraoui, Rodrigues, "Introduction to Reliable and Secure Distributed
// Programming", 2011, section 3.10), for honest agents of one group.
//
//   validity         what an honest origin broadcasts, everyone delivers
//   no duplication   nobody delivers a broadcast twice
//   integrity        what is delivered as an honest origin's, that origin has broadcast
//   consistency      no two deliver different values for one broadcast
//   totality         what one delivers, everyone delivers
//
// Validity and totality are promises of something to come: they count within a bound from the broadcast or the first
// delivery, or from heal_at when the network was still broken then. What is due after the end is not judged.

#include <fmt/core.h>

#include <map>

#include "core/broadcast_events.hpp"
#include "core/catalog.hpp"
#include "core/quorum.hpp"

namespace conclave {
namespace {

class ReliableBroadcast final : public Checker {
 public:
  struct Options {
    Duration within = std::chrono::seconds(1);
    static const ParamTable& params() {
      static const auto table = Params<Options>().add("within", &Options::within, "time in which everyone must deliver",
                                                      {.least = std::chrono::nanoseconds(1)});
      return table;
    }
  };

  ReliableBroadcast(const Options& options, const RunFacts& facts)
      : roster_(facts.roster), heal_at_(facts.heal_at), within_(options.within) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent)) return;
    if (const auto* started = event.record->as<BroadcastStarted>()) {
      Broadcast& broadcast = broadcasts_[{event.agent, started->number}];
      broadcast.started = Said{event.agent, started->digest, event.time};
    } else if (const auto* delivered = event.record->as<BroadcastDelivered>()) {
      on_delivered(event, *delivered);
    }
  }

  Verdict conclude(const RunEnd& end) override {
    for (const auto& [name, broadcast] : broadcasts_) judge(name, broadcast, end.at);
    if (!violation_.empty()) return {false, violation_};
    if (judged_ == 0) return {false, "no broadcast could be judged: none was begun early enough before the end"};
    std::string detail = fmt::format("{} broadcasts, {} deliveries", judged_, deliveries_);
    if (unjudged_ > 0) detail += fmt::format("; {} others were begun too late to judge", unjudged_);
    return {true, std::move(detail)};
  }

 private:
  struct Name {
    AgentId origin;
    std::uint64_t number;
    auto operator<=>(const Name&) const = default;
  };
  struct Said {
    AgentId by;
    Digest digest;
    Time at;
  };
  struct Broadcast {
    std::optional<Said> started;  ///< by an honest origin
    std::optional<Said> first;    ///< delivery
    VoteSet delivered;            ///< by whom
    Time last{};                  ///< when the last of them did
  };

  void on_delivered(const Event& event, const BroadcastDelivered& delivered) {
    const AgentRange group = roster_.group_of(event.agent).agents;
    const Name name{delivered.origin, delivered.number};
    Broadcast& broadcast = broadcasts_[name];
    deliveries_++;
    if (!broadcast.delivered.add(group.rank(event.agent), group.count))
      fail(fmt::format("no duplication: {} delivered {} again at {:.6f} s", roster_.name(event.agent), text(name),
                       seconds(event.time)));
    if (!broadcast.first) broadcast.first = Said{event.agent, delivered.digest, event.time};
    broadcast.last = event.time;
    if (broadcast.first->digest != delivered.digest)
      fail(fmt::format("consistency: {} delivered {} as {} at {:.6f} s, but {} as {} at {:.6f} s",
                       roster_.name(event.agent), text(name), delivered.digest.text(), seconds(event.time),
                       roster_.name(broadcast.first->by), broadcast.first->digest.text(),
                       seconds(broadcast.first->at)));
  }

  // Judged at the end: where messages take no time, a delivery can stand before its broadcast in the same instant.
  void judge(const Name& name, const Broadcast& broadcast, Time end) {
    if (roster_.honest(name.origin) && broadcast.first &&
        (!broadcast.started || broadcast.started->digest != broadcast.first->digest))
      fail(fmt::format("integrity: {} delivered {} as {} at {:.6f} s, which its origin never broadcast",
                       roster_.name(broadcast.first->by), text(name), broadcast.first->digest.text(),
                       seconds(broadcast.first->at)));
    const Said& begun = broadcast.started ? *broadcast.started : *broadcast.first;
    const Time due = std::max(begun.at, heal_at_) + within_;
    const AgentRange group = roster_.group_of(begun.by).agents;
    std::uint32_t missing = 0;
    AgentId example = kNobody;
    for (const AgentId id : group)
      if (roster_.honest(id) && !broadcast.delivered.contains(group.rank(id))) missing++, example = id;
    if (missing > 0 && due > end) return void(unjudged_++);
    judged_++;
    if (missing > 0)
      fail(fmt::format("{}: {} and {} others had not delivered {}, due at {:.6f} s",
                       broadcast.first ? "totality" : "validity", roster_.name(example), missing - 1, text(name),
                       seconds(due)));
    if (missing == 0 && broadcast.last > due)
      fail(fmt::format("totality: {} was delivered by everyone only at {:.6f} s, due at {:.6f} s", text(name),
                       seconds(broadcast.last), seconds(due)));
  }

  std::string text(const Name& name) const {
    return fmt::format("broadcast {} of {}", name.number, roster_.name(name.origin));
  }
  void fail(std::string what) {
    if (violation_.empty()) violation_ = std::move(what);
  }

  const Roster& roster_;
  const Time heal_at_;
  const Duration within_;
  std::map<Name, Broadcast> broadcasts_;
  std::uint64_t deliveries_ = 0;
  std::uint64_t judged_ = 0;
  std::uint64_t unjudged_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<ReliableBroadcast>(
    {.name = "reliable_broadcast",
     .family = "consensus",
     .summary = "validity, no duplication, integrity, consistency and totality of broadcasts"});

}  // namespace
}  // namespace conclave

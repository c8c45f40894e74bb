// The link rules of a run, and which messages each of them befalls.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/link_rule.hpp"
#include "engine/routes.hpp"
#include "scenario/scenario.hpp"

namespace conclave {

/// The messages that one entry of `faults` selects.
class LinkScope {
 public:
  /// `hosts` are the names of the hosts, `placed` the host of each agent. Throws PlatformError if a pattern of the
  /// fault matches no host.
  LinkScope(const LinkFault& fault, std::uint32_t agents, const std::vector<std::string>& hosts,
            const std::vector<std::uint32_t>& placed);

  bool covers(const RecordType& kind) const;
  bool covers(const Envelope& envelope) const {
    return envelope.departs >= from_ && envelope.departs < until_ && envelope.from != envelope.to &&
           (everyone_ || (senders_[index(envelope.from)] & receivers_[index(envelope.to)]) != 0);
  }
  /// True if the agent is among the first direction's senders: those whose links a fault about bandwidth names.
  bool names(AgentId id) const { return everyone_ || (senders_[index(id)] & 1) != 0; }
  const Probability& share() const { return share_; }
  Time from() const { return from_; }
  Time until() const { return until_; }

 private:
  const bool everyone_;
  // By agent: bit i is set if it is among the senders, or the receivers, of direction i.
  std::vector<std::uint32_t> senders_;
  std::vector<std::uint32_t> receivers_;
  std::vector<const RecordType*> kinds_;  ///< empty for all
  const Time from_;
  const Time until_;
  const Probability share_;
};

/// An agent's link is slower for a time.
struct BandwidthCut {
  Time from;
  Time until;
  SerialisationRate rate;
};

class LinkFaults {
 public:
  LinkFaults() = default;
  LinkFaults(const Scenario& scenario, const std::vector<std::string>& hosts, const std::vector<std::uint32_t>& placed);

  /// False if every message takes its natural course.
  bool any() const { return !rules_.empty(); }
  /// Copies that are delayed longer are not found by looking back, but kept one by one.
  Duration usual_delay() const { return usual_delay_; }
  /// Looks back no further than this.
  void look_back_at_most(Duration limit) {
    if (usual_delay_ <= limit) return;
    usual_delay_ = limit;
    surprising_ = true;
  }
  /// True if a fate can be out of the usual: a longer delay, or further copies.
  bool surprising() const { return surprising_; }

  /// Fates of copies of one kind of message, at most kBatch. `fates` must be default-constructed.
  void judge(const RecordType& kind, std::span<const Envelope> envelopes, std::span<Fate> fates) const;
  Fate judge(const RecordType& kind, const Envelope& envelope) const;
  static constexpr std::size_t kBatch = 256;

  /// The rate at which an agent's link is cut at this time; nullptr if it is not.
  const SerialisationRate* cut(AgentId id, Time at) const {
    if (cuts_.empty()) return nullptr;
    for (const BandwidthCut& each : cuts_[index(id)])
      if (at >= each.from && at < each.until) return &each.rate;
    return nullptr;
  }

 private:
  struct Rule {
    LinkScope scope;
    std::unique_ptr<const LinkRule> rule;
    Stream draws;
  };

  void befall(const Rule& rule, std::span<const Envelope> envelopes, std::span<Fate> fates) const;
  void cut_links(const LinkScope& scope, Bandwidth limit, std::uint32_t agents);

  std::vector<Rule> rules_;
  std::vector<std::vector<BandwidthCut>> cuts_;  ///< by agent; empty if there are none
  Duration usual_delay_{};
  bool surprising_ = false;
};

}  // namespace conclave

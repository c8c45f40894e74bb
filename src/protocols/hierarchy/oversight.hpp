// Who is still there: a watch on each agent that one hears from in a regular beat, and a timer for when that has been
// silent too long.
//
//   timeout    after a fixed time. With a beat every h, a delay d and a timeout t, a crash is noticed between d + t - h
//              and d + t after it, anywhere in there with equal chance
//   phi        when the silence is so unlikely that phi = -log10 P(longer) exceeds a threshold (Hayashibara et al.
//   2004),
//              with exponential intervals of the mean that has been seen (as Cassandra has it): mean phi ln 10
#pragma once

#include <map>

#include "core/params.hpp"
#include "core/protocol.hpp"

namespace conclave {

enum class DetectorKind { timeout, phi };
template <>
struct Choices<DetectorKind> {
  static constexpr std::pair<DetectorKind, std::string_view> kNames[] = {{DetectorKind::timeout, "timeout"},
                                                                         {DetectorKind::phi, "phi"}};
};

class Oversight {
 public:
  struct Rules {
    DetectorKind kind = DetectorKind::timeout;
    Duration beat{};  ///< 0: nobody is watched
    Duration timeout{};
    std::uint32_t phi = 8;
  };
  Oversight(Rules rules, std::uint32_t timer) : rules_(rules), timer_(timer) {}

  bool on() const { return rules_.beat.count() > 0; }
  Duration beat() const { return rules_.beat; }
  /// From now on, if it is not watched already.
  void watch(const View& view, AgentId agent, Outbox& out);
  void unwatch(AgentId agent, Outbox& out);
  bool watches(AgentId agent) const { return watches_.contains(agent); }
  std::vector<AgentId> watched() const;
  /// Something has come from it. True if it had been suspected.
  bool heard(const View& view, AgentId agent, Outbox& out);
  /// Its timer has fired: it has been silent too long.
  void suspect(AgentId agent);
  bool suspects(AgentId agent) const;
  /// How long it may be silent now.
  Duration patience(AgentId agent) const;

 private:
  struct Watch {
    Time last;
    Duration mean;  ///< of the intervals so far, recent ones counting more
    bool suspected = false;
  };
  TimerKey key(AgentId agent) const { return {.name = timer_, .id = index(agent)}; }

  const Rules rules_;
  const std::uint32_t timer_;
  std::map<AgentId, Watch> watches_;
};

}  // namespace conclave

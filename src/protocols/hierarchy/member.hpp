// A member of a hierarchy, with all that it does about those it misses: it beats and watches, gives the work of the
// lost to others, tells the root; electors see to it that somebody leads. See hierarchy_member.cpp for the map.
#pragma once

#include <map>
#include <string>

#include "protocols/hierarchy/membership.hpp"

namespace conclave {

class Member : public Membership {
 public:
  Member(const MemberOptions& options, const Deployment& deployment);
  void step(const View& view, const Input& input, Outbox& out) override;

 private:
  // Beginnings.
  void start(const View& view, Outbox& out);
  void restart(const View& view, Outbox& out);
  void on_timer(const View& view, TimerKey key, Outbox& out);
  void hear(const View& view, const Message& message, Outbox& out);
  void hear_elector(const View& view, const Message& message, Outbox& out);

  // Care.
  void neighbours_changed(const View& view, Outbox& out) override;
  void beat(const View& view, Outbox& out);
  void on_beat(const View& view, AgentId from, const HierarchyBeat& beat, Outbox& out);
  void on_report_beat(const View& view, AgentId from, const HierarchyBeat& beat, Outbox& out);
  void on_elector_beat(const View& view, AgentId from, const HierarchyBeat& beat, Outbox& out);
  void suspect(const View& view, AgentId agent, Outbox& out);
  void lose_report(const View& view, AgentId report, LossReason reason, Outbox& out);
  void tell_loss(const View& view, AgentId report, LossReason reason, Outbox& out);
  void remove(const View& view, AgentId gone, AgentId manager, LossReason reason, Outbox& out);
  void accuse(const View& view, AgentId accused, std::string offence, TaskName name, Outbox& out) override;
  void press(const View& view, Outbox& out);
  void ease(const View& view, Duration lag, Outbox& out);
  void note_alarm(const View& view, AgentId came, Outbox& out);
  void on_loss(const View& view, AgentId from, const HierarchyLoss& loss, Outbox& out);
  void give_up(const View& view, std::uint64_t incident, Outbox& out);
  void resume(const View& view, Outbox& out);

  // Succession.
  void call_election(const View& view, Outbox& out);
  void lead(const View& view, Epoch epoch, Outbox& out);
  void follow(const View& view, AgentId root, Epoch epoch, Outbox& out);
  void step_down(const View& view, std::string reason, Outbox& out);
  void keep_lease(const View& view, Outbox& out);

  bool elector(AgentId agent) const { return succession_.rank(agent).has_value(); }

  Oversight oversight_;
  Supervision supervision_;
  AgentId root_;                              ///< whom this elector follows; kNobody while it looks for somebody
  Epoch root_epoch_;                          ///< of that root
  Time root_said_;                            ///< when its latest beat was sent
  std::map<AgentId, Time> echoes_;            ///< by elector: the latest beat of this root that it confirms
  std::map<AgentId, int> strays_;             ///< how often each has said that it reports to this one, and it does not
  std::map<AgentId, std::uint32_t> strikes_;  ///< by report: how often it has kept tasks too long
  struct Alarm {
    AgentId manager;
    Time at;
  };
  std::map<AgentId, Alarm> alarms_;                ///< of the root: by whom each has been missed
  std::map<AgentId, std::uint32_t> false_alarms_;  ///< by manager
  std::uint64_t beats_ = 0;
  Time beat_due_;                       ///< when the next beat should be
  std::map<AgentId, Duration> lags_;    ///< by report: what its last beat said
  std::uint32_t overloaded_beats_ = 0;  ///< of the root: in a row
  std::uint64_t incident_ = 0;
  Duration pause_{};
};

}  // namespace conclave

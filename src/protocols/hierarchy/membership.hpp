// What a member does while all goes well: it has a place in the organisation, hands on the places of those below it,
// and has work done. Care for the case that somebody is missed is added by Member (member.hpp). See
// hierarchy_member.cpp for the map.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "protocols/hierarchy/exchange.hpp"
#include "protocols/hierarchy/labour.hpp"
#include "protocols/hierarchy/member_options.hpp"
#include "protocols/hierarchy/organisation.hpp"
#include "protocols/hierarchy/root_office.hpp"
#include "protocols/hierarchy/team.hpp"

namespace conclave {

class Membership : public Protocol {
 protected:
  enum Timer : std::uint32_t { kRegister, kJoin, kBeat, kSilence, kOrphan, kLease, kBackoff, kElection };

  Membership(const MemberOptions& options, const Deployment& deployment);

  /// Its neighbours in the organisation are others than before.
  virtual void neighbours_changed(const View& view, Outbox& out) = 0;

  /// Somebody has been caught at what it must not do.
  virtual void accuse(const View& view, AgentId accused, std::string offence, TaskName name, Outbox& out) = 0;

  /// It does not lead any more, and keeps no books.
  void resign(Outbox& out);

  // Founding and changing.
  void declare(Outbox& out) const;
  void on_profile(const View& view, AgentId from, const HierarchyProfile& profile, Outbox& out);
  void on_job(const View& view, Outbox& out);
  void found(const View& view, Outbox& out);
  void reorganise(const View& view, std::vector<OrgNode> nodes, std::string reason, AgentId about, Outbox& out);
  std::vector<OrgNode> with_newcomer(std::vector<OrgNode> nodes, AgentId agent);
  void reconsider(const View& view, Outbox& out);
  void enact(const View& view, std::vector<OrgNode> nodes, Outbox& out);

  // Places.
  void on_charter(const View& view, AgentId from, const HierarchyCharter& charter, Outbox& out);
  bool entitled(const View& view, AgentId from, const HierarchyCharter& charter) const;
  void take_place(const View& view, AgentId manager, Epoch epoch, std::vector<OrgNode> nodes,
                  std::vector<AgentId> peers, Outbox& out);
  void send_charter(const std::vector<OrgNode>& branch, Outbox& out) const;
  void on_joined(const View& view, AgentId from, const HierarchyJoined& joined, Outbox& out);
  void in_place(const View& view, Outbox& out);
  void leave_place(const View& view, std::string reason, Outbox& out);
  std::vector<TaskName> held() const;

  // Work.
  void on_order(const View& view, AgentId from, const OrderPtr& order, Outbox& out);
  void do_myself(const View& view, const OrderPtr& order, Outbox& out);
  void give_out(const View& view, Outbox& out);
  void on_result(const View& view, AgentId from, const ResultPtr& result, Outbox& out);
  void report(const View& view, const ResultPtr& result, Outbox& out);
  void close_jobs(Outbox& out);
  void give_back(const View& view, const std::vector<OrderPtr>& orders, Outbox& out);
  bool believable(const View& view, AgentId from, const HierarchyResult& result, Outbox& out);
  void on_steal(const View& view, AgentId from, const HierarchySteal& steal, Outbox& out);

  bool placed() const { return !nodes_.empty(); }
  bool rooted() const { return leads_ && placed(); }
  bool in_teams() const {
    return options_.structure == StructureKind::teams || options_.structure == StructureKind::hybrid;
  }
  /// Of its charters to its reports. Requires a place of a manager.
  Epoch charter_epoch() const { return nodes_[0].appointment->epoch; }
  void refuse(AgentId from, Epoch sent, std::string_view message, Outbox& out) const;

  const MemberOptions options_;
  const Profile profile_;
  Succession succession_;
  RootOffice office_;  ///< of use to electors only
  Team team_;
  Exchange exchange_;
  Labour labour_;

  bool registered_ = false;  ///< time for profiles is over
  bool leads_ = false;
  std::vector<OrgNode> constitution_;  ///< of an elector: the organisation as it last heard of it

  Epoch known_;  ///< the highest epoch that it has obeyed or heard of from a root
  Epoch place_epoch_;
  AgentId manager_ = kNobody;
  std::vector<OrgNode> nodes_;  ///< its own place and all that is below it
  std::vector<std::vector<OrgNode>> branches_;
  bool homeless_ = false;              ///< it has had a place and has none
  std::set<AgentId> waiting_;          ///< of the root: for whom there is no room
  std::map<AgentId, Time> dismissed_;  ///< of the root: who gets no place before then
  bool ready_ = false;                 ///< all below are in their places
  bool new_term_ = false;              ///< they have not said yet what they have of the time before
  Time paused_until_;                  ///< nothing is given out before: an incident
  std::optional<Time> changed_at_;     ///< the last change that was not forced
};

}  // namespace conclave

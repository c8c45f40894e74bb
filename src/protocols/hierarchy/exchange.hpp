// Work that team leaders pass to each other. A leader whose team has nothing to do asks its peers in turn; one that has
// tasks waiting gives the less urgent half of them away. It stays answerable for them: their results come back through
// it, so that nobody above need know.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/protocol.hpp"
#include "protocols/hierarchy/messages.hpp"

namespace conclave {

class Exchange {
 public:
  /// Peers, ascending. What had been lent to others than these is returned: it has to be done otherwise.
  std::vector<OrderPtr> reset(std::vector<AgentId> peers);
  bool has(AgentId peer) const;

  /// Asks the next peer, if there is one that has not been asked since the last time that there was work.
  void seek(Epoch epoch, Outbox& out);
  /// The peer asked has nothing either.
  void refused(Epoch epoch, Outbox& out);
  void lend(AgentId peer, const OrderPtr& order, Epoch epoch, Outbox& out);
  /// A peer says how a task that it had been lent has ended. False if it had not been lent it.
  bool settle(AgentId peer, TaskName name) {
    const auto known = lent_.find(name);
    return known != lent_.end() && known->second.peer == peer && lent_.erase(name) > 0;
  }
  void borrow(AgentId peer, TaskName name) { borrowed_[name] = peer; }
  /// Whom the result of a task is owed to, if it is borrowed; forgets that.
  std::optional<AgentId> creditor(TaskName name);
  /// There has been work: peers may be asked again.
  void busy() { asked_ = 0, waiting_ = false; }
  const auto& lent() const { return lent_; }

 private:
  struct Loan {
    AgentId peer;
    OrderPtr order;
  };
  std::vector<AgentId> peers_;
  std::map<TaskName, Loan> lent_;
  std::map<TaskName, AgentId> borrowed_;
  std::size_t next_ = 0;
  std::size_t asked_ = 0;
  bool waiting_ = false;
};

}  // namespace conclave

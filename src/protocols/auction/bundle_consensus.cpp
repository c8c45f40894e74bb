#include "protocols/auction/bundle_consensus.hpp"

namespace conclave {

namespace {

enum class Action { leave, update, reset };

/// Everything that the table of the paper asks about one task.
struct Case {
  const BundleBeliefs& own;
  const BundleTable& table;
  AgentRange group;
  AgentId self, from;
  std::size_t task;

  AgentId theirs() const { return table.winners[task]; }
  AgentId mine() const { return own.winners[task]; }
  /// Whether the sender has later word of an agent than the receiver.
  bool newer(AgentId of) const { return group.contains(of) && table.heard[group.rank(of)] > own.heard[group.rank(of)]; }
  bool older(AgentId of) const { return group.contains(of) && table.heard[group.rank(of)] < own.heard[group.rank(of)]; }
  bool higher() const { return outbids(table.bids[task], theirs(), own.bids[task], mine()); }
};

/// The sender believes that it has the task itself.
Action from_winner(const Case& at) {
  if (at.mine() == at.self) return at.higher() ? Action::update : Action::leave;
  if (at.mine() == at.from || at.mine() == kNobody) return Action::update;
  return at.newer(at.mine()) || at.higher() ? Action::update : Action::leave;
}

/// The sender believes that the receiver has it.
Action about_self(const Case& at) {
  if (at.mine() == at.self || at.mine() == kNobody) return Action::leave;
  if (at.mine() == at.from) return Action::reset;
  return at.newer(at.mine()) ? Action::reset : Action::leave;
}

/// The sender believes that a third agent has it.
Action about_third(const Case& at) {
  const AgentId third = at.theirs();
  if (at.mine() == at.self) return at.newer(third) && at.higher() ? Action::update : Action::leave;
  if (at.mine() == at.from) return at.newer(third) ? Action::update : Action::reset;
  if (at.mine() == third || at.mine() == kNobody) return at.newer(third) ? Action::update : Action::leave;
  if (at.newer(third) && (at.newer(at.mine()) || at.higher())) return Action::update;
  return at.newer(at.mine()) && at.older(third) ? Action::reset : Action::leave;
}

/// The sender believes that nobody has it.
Action about_nobody(const Case& at) {
  if (at.mine() == at.self || at.mine() == kNobody) return Action::leave;
  if (at.mine() == at.from) return Action::update;
  return at.newer(at.mine()) ? Action::update : Action::leave;
}

Action decide(const Case& at) {
  if (at.theirs() == at.from) return from_winner(at);
  if (at.theirs() == at.self) return about_self(at);
  return at.theirs() == kNobody ? about_nobody(at) : about_third(at);
}

}  // namespace

void take_in(BundleBeliefs& own, AgentId self, AgentRange group, AgentId from, const BundleTable& table, Time now) {
  for (std::size_t task = 0; task < own.bids.size(); task++) {
    switch (decide({own, table, group, self, from, task})) {
      case Action::leave: break;
      case Action::reset: own.clear(task); break;
      case Action::update:
        own.bids[task] = table.bids[task];
        own.winners[task] = table.winners[task];
        break;
    }
  }
  for (std::size_t rank = 0; rank < own.heard.size(); rank++)
    own.heard[rank] = std::max(own.heard[rank], table.heard[rank]);
  own.heard[group.rank(from)] = now;
}

}  // namespace conclave

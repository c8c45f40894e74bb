#include "protocols/hierarchy/exchange.hpp"

#include <algorithm>

namespace conclave {

std::vector<OrderPtr> Exchange::reset(std::vector<AgentId> peers) {
  peers_ = std::move(peers);
  std::vector<OrderPtr> back;
  for (auto loan = lent_.begin(); loan != lent_.end();) {
    if (has(loan->second.peer)) {
      ++loan;
      continue;
    }
    back.push_back(loan->second.order);
    loan = lent_.erase(loan);
  }
  std::erase_if(borrowed_, [&](const auto& each) { return !has(each.second); });
  next_ = 0;
  busy();
  return back;
}

bool Exchange::has(AgentId peer) const {
  return std::binary_search(peers_.begin(), peers_.end(), peer);
}

void Exchange::seek(Epoch epoch, Outbox& out) {
  if (waiting_ || asked_ >= peers_.size()) return;
  waiting_ = true;
  asked_++;
  HierarchySteal steal;
  steal.epoch = epoch;
  out.send(peers_[next_++ % peers_.size()], share(std::move(steal)));
}

void Exchange::refused(Epoch epoch, Outbox& out) {
  waiting_ = false;
  seek(epoch, out);
}

void Exchange::lend(AgentId peer, const OrderPtr& order, Epoch epoch, Outbox& out) {
  lent_[order->name] = {peer, order};
  HierarchyDelegate copy = *order;
  copy.epoch = epoch;
  out.send(peer, share(std::move(copy)));
}

std::optional<AgentId> Exchange::creditor(TaskName name) {
  const auto known = borrowed_.find(name);
  if (known == borrowed_.end()) return std::nullopt;
  const AgentId peer = known->second;
  borrowed_.erase(known);
  return peer;
}

}  // namespace conclave

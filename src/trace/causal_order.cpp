#include "trace/causal_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace conclave {

const TraceEvent* CausalReader::next() {
  if (at_ == instant_.size()) {
    take_instant();
    if (instant_.empty()) return nullptr;
    order_instant();
  }
  position_++;
  return &instant_[at_++];
}

void CausalReader::take_instant() {
  instant_.clear();
  at_ = 0;
  if (!has_ahead_ && !(has_ahead_ = reader_.next(ahead_))) return;
  const Time time = ahead_.time;
  while (has_ahead_ && ahead_.time == time) {
    instant_.push_back(std::move(ahead_));
    has_ahead_ = reader_.next(ahead_);
  }
}

void CausalReader::order_instant() {
  std::set<MessageId> leaving;  // of this instant, not sent yet
  for (const TraceEvent& event : instant_)
    if (event.kind == EventKind::sent) leaving.insert(event.message);
  if (leaving.empty()) return;

  // Agent by agent, as far as each gets, until all are through. One round, unless messages take no time.
  std::vector<TraceEvent> waiting = std::exchange(instant_, {});
  while (!waiting.empty()) {
    std::vector<TraceEvent> blocked;
    for (TraceEvent& event : waiting) {
      const bool follows_blocked = !blocked.empty() && blocked.back().agent == event.agent;
      if (follows_blocked || (event.arrival() && leaving.contains(event.message))) {
        blocked.push_back(std::move(event));
      } else {
        if (event.kind == EventKind::sent) leaving.erase(event.message);
        instant_.push_back(std::move(event));
      }
    }
    if (blocked.size() == waiting.size())
      throw TraceError(fmt::format("{}: the messages of the instant {} ns arrive before they are sent", path_.native(),
                                   nanoseconds(blocked.front().time)));
    waiting = std::move(blocked);
  }
}

}  // namespace conclave

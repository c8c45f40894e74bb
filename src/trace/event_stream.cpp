#include "trace/event_stream.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace conclave {

void EventStream::subscribe(Observer& observer) {
  observers_.push_back(&observer);
  wanted_ = wanted_ | observer.interests();
}

void EventStream::note(EventLog& log, Event&& event) {
  extend(log, event.kind, event.time, event.peer, event.message, event.amount);
  if (wanted_.contains(event.kind)) keep(log, std::move(event));
  log.events++;
}

void EventStream::keep(const EventLog& log, Event&& event) {
  event.number = log.events;
  waiting_.push_back(std::move(event));
}

void EventStream::sent(EventLog& log, AgentId self, Time time, std::uint64_t message, const Recipients& to,
                       std::uint64_t bytes, std::uint64_t content, const RecordPtr& body) {
  const AgentId peer = to.is_one() ? to.only() : kNobody;
  extend(log, EventKind::sent, time, peer, message, content ^ to.hash());
  if (wanted_.contains(EventKind::sent)) {
    keep(log, {.time = time,
               .agent = self,
               .kind = EventKind::sent,
               .peer = peer,
               .message = message,
               .amount = bytes,
               .type = body->type,
               .record = body});
  }
  log.events++;
}

void EventStream::emitted(EventLog& log, AgentId self, Time time, const RecordPtr& record) {
  const Encoding encoding = record->encode();
  extend(log, EventKind::emitted, time, kNobody, 0, hash64(encoding.bytes));
  if (record->type->decision) log.decisions += hash128(encoding.bytes);
  if (wanted_.contains(EventKind::emitted)) {
    keep(log, {.time = time, .agent = self, .kind = EventKind::emitted, .type = record->type, .record = record});
  }
  log.events++;
}

EventStream* EventStream::another() {
  others_.push_back(std::make_unique<EventStream>());
  others_.back()->wanted_ = wanted_;
  return others_.back().get();
}

void EventStream::collect() {
  for (const auto& other : others_) {
    waiting_.insert(waiting_.end(), std::make_move_iterator(other->waiting_.begin()),
                    std::make_move_iterator(other->waiting_.end()));
    other->waiting_.clear();
  }
}

void EventStream::settle(Time time) {
  if (waiting_.empty()) return;
  const auto earlier = [](const Event& a, const Event& b) {
    return std::tuple(a.time, a.agent, a.number) < std::tuple(b.time, b.agent, b.number);
  };
  if (!std::is_sorted(waiting_.begin(), waiting_.end(), earlier)) std::sort(waiting_.begin(), waiting_.end(), earlier);
  const auto end =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const Event& event) { return event.time >= time; });
  for (auto event = waiting_.begin(); event != end; ++event)
    for (Observer* observer : observers_)
      if (observer->interests().contains(event->kind)) observer->observe(*event);
  waiting_.erase(waiting_.begin(), end);
}

Hash128 EventStream::fingerprint(const std::vector<const EventLog*>& logs) {
  Hash128 combined;
  for (std::size_t i = 0; i < logs.size(); i++)
    combined = chain(combined, i, logs[i]->events, logs[i]->chain.low, logs[i]->chain.high);
  return combined;
}

Hash128 EventStream::decisions_fingerprint(const std::vector<const EventLog*>& logs) {
  Hash128 combined;
  for (std::size_t i = 0; i < logs.size(); i++)
    combined = chain(combined, i, 0, logs[i]->decisions.low, logs[i]->decisions.high);
  return combined;
}

}  // namespace conclave

#include "trace/event_stream.hpp"

#include <algorithm>
#include <iterator>

namespace conclave {

void EventStream::subscribe(Observer& observer) {
  const EventKinds kinds = observer.interests();
  wanted_ = wanted_ | kinds;
  for (std::size_t kind = 0; kind < interested_.size(); kind++)
    if (kinds.contains(static_cast<EventKind>(kind))) interested_[kind].push_back(&observer);
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
  sort_places();
  std::size_t place = 0;
  for (; place < places_.size() && places_[place].time < time; place++) {
    const Event& event = waiting_[places_[place].index];
    for (Observer* observer : interested_[static_cast<std::size_t>(event.kind)]) observer->observe(event);
  }
  later_.clear();
  for (; place < places_.size(); place++) later_.push_back(std::move(waiting_[places_[place].index]));
  waiting_.swap(later_);
}

void EventStream::sort_places() {
  places_.clear();
  for (const Event& event : waiting_)
    places_.push_back({event.time, event.agent, static_cast<std::uint32_t>(places_.size())});
  if (!std::is_sorted(places_.begin(), places_.end())) std::sort(places_.begin(), places_.end());
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

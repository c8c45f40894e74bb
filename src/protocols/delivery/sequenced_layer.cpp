#include "protocols/delivery/sequenced_layer.hpp"

namespace conclave {

namespace {

/// Lanes of one sender that a receiver keeps at most: a liar could open one with each message.
constexpr std::uint32_t kLanesMax = 65'536;
/// Numbers that one answer repeats at most: the receiver asks again for the rest.
constexpr std::uint64_t kResentMax = 64;

}  // namespace

void SequencedLayer::on_input(const View& view, const Input& input, Outbox& out) {
  if (std::holds_alternative<Start>(input)) epoch_ = static_cast<std::uint64_t>(nanoseconds(view.now));
  if (std::holds_alternative<Restarted>(input)) {  // timers went with the host
    for (auto& [name, lane] : incoming_) {
      lane.asking = false;
      if (lane.highest >= lane.expected) ask_later(name, lane, out);
    }
  }
  const auto* message = std::get_if<Message>(&input);
  if (!message) return forward(view, input, out);
  const Record& body = *message->body;
  if (message->from == view.self) {
    const auto* notice = body.as<DeliveryNotice>();
    return notice ? on_notice(view, *notice, out) : forward(view, input, out);
  }
  if (const auto* envelope = body.as<SequencedEnvelope>(); envelope && envelope->body) {
    on_envelope(view, message->from, *envelope, out);
  } else if (const auto* nak = body.as<SequencedNak>()) {
    on_nak(view, message->from, *nak, out);
  } else if (const auto* gone = body.as<SequencedSkip>()) {
    const auto lane = incoming_.find({message->from, gone->lane});
    if (lane != incoming_.end() && lane->second.epoch == gone->epoch)
      skip(view, lane->first, lane->second, gone->below, "its sender has given it up", out);
  } else if (const auto* bulk = body.as<BulkEnvelope>(); bulk && bulk->body) {
    forward(view, Message{message->from, bulk->body}, out);
  } else {
    out.emit(refusal(message->from, body, kNoSuchLayer));
  }
}

void SequencedLayer::on_effect(const View& view, const Effect& wanted, Outbox& out) {
  if (const auto* transfer = std::get_if<Transfer>(&wanted)) return transfer_in_bulk(*transfer, out);
  const auto* send = std::get_if<Send>(&wanted);
  if (!send || to_itself(*send, view.self)) return out.put(wanted);
  const std::uint32_t lane = lane_of(*send->body);
  copies_.clear();
  send->to.each(view.self, [&](AgentId to, std::uint32_t) {
    SequenceBuffer<Kept>& history = outgoing_[{to, lane}].history;
    copies_.add(to, history.push({send->body}));
    if (history.size() > options_.history) history.pop();
  });
  copies_.send(
      *send, true, [&](std::uint64_t sequence, AgentId) { return envelope(lane, sequence, send->body); }, out);
}

std::shared_ptr<const SequencedEnvelope> SequencedLayer::envelope(std::uint32_t lane, std::uint64_t sequence,
                                                                  RecordPtr body) const {
  SequencedEnvelope envelope;
  envelope.epoch = epoch_;
  envelope.lane = lane;
  envelope.sequence = sequence;
  envelope.body = std::move(body);
  return share(std::move(envelope));
}

// Receiving.

void SequencedLayer::on_envelope(const View& view, AgentId from, const SequencedEnvelope& envelope, Outbox& out) {
  Incoming* lane = enter(from, envelope, out);
  if (!lane) return;
  if (envelope.sequence < lane->expected) {
    const bool late = envelope.sequence <= lane->skipped;
    return out.emit(
        violation(late ? "regression" : "duplicate", from, lane->expected, envelope.sequence, envelope.lane));
  }
  if (envelope.sequence > lane->expected) return hold(view, from, *lane, envelope, out);
  lane->expected++;
  lane->highest = std::max(lane->highest, envelope.sequence);
  lane->naks = 0;
  forward(view, Message{from, envelope.body}, out);
  drain(view, {from, envelope.lane}, *lane, out);
}

/// The lane that an envelope is of; nullptr when it is of the past or one too many.
SequencedLayer::Incoming* SequencedLayer::enter(AgentId from, const SequencedEnvelope& envelope, Outbox& out) {
  const auto [known, fresh] = incoming_.try_emplace({from, envelope.lane});
  Incoming& lane = known->second;
  if (fresh && ++lanes_[from] > kLanesMax) {
    incoming_.erase(known);
    lanes_[from]--;
    out.emit(refusal(from, envelope, "its sender has too many lanes"));
    return nullptr;
  }
  if (fresh) lane.epoch = envelope.epoch;
  if (envelope.epoch < lane.epoch) {
    out.emit(violation("stale_epoch", from, lane.epoch, envelope.epoch, envelope.lane));
    return nullptr;
  }
  if (envelope.epoch > lane.epoch) {  // what was held is of a life that is over: its gaps will not be filled
    held_[from] -= lane.held.size();
    const bool asking = lane.asking;
    lane = Incoming{.epoch = envelope.epoch, .asking = asking, .held = {}};
  }
  return &lane;
}

void SequencedLayer::hold(const View& view, AgentId from, Incoming& lane, const SequencedEnvelope& envelope,
                          Outbox& out) {
  const Lane name{from, envelope.lane};
  const auto tell = [&](std::string_view kind) {
    out.emit(violation(kind, from, lane.expected, envelope.sequence, envelope.lane));
  };
  lane.highest = std::max(lane.highest, std::min(envelope.sequence, lane.expected + options_.buffer));
  ask_later(name, lane, out);
  const auto held = lane.held.find(envelope.sequence);
  if (held != lane.held.end())
    return tell(same_content(held->second.body, envelope.body) ? "duplicate" : "equivocation");
  std::uint64_t& all = held_[from];
  if (all >= options_.buffer || envelope.sequence - lane.expected > options_.buffer) return tell("beyond_window");
  lane.held.emplace(envelope.sequence, Held{envelope.body, view.now});
  high_water_.reaches(++all, from, out);
  MessageHeld event;
  event.from = from;
  event.conversation = envelope.lane;
  event.expected = lane.expected;
  event.received = envelope.sequence;
  event.position = lane.held.size();
  out.emit(std::move(event));
}

/// Hands over what has waited and is next. Afterwards `expected` is one more than what was handed over last.
void SequencedLayer::drain(const View& view, Lane name, Incoming& lane, Outbox& out) {
  MessagesDrained drained;
  while (!lane.held.empty() && lane.held.begin()->first == lane.expected) {
    const Held next = std::move(lane.held.begin()->second);
    lane.held.erase(lane.held.begin());
    held_[name.first]--;
    lane.expected++;
    drained.count++;
    drained.waited += view.now - next.since;
    forward(view, Message{name.first, next.body}, out);
  }
  if (drained.count > 0) {
    drained.from = name.first;
    drained.conversation = name.second;
    out.emit(std::move(drained));
  }
  if (lane.asking && lane.highest < lane.expected) {
    lane.asking = false;
    out.cancel_timer(timer(name.second, index(name.first)));
  }
}

/// Passes over what is missing below a number; what is held below it is handed over on the way.
void SequencedLayer::skip(const View& view, Lane name, Incoming& lane, std::uint64_t below, std::string_view reason,
                          Outbox& out) {
  while (lane.expected < below) {
    const std::uint64_t next = lane.held.empty() ? below : std::min(below, lane.held.begin()->first);
    if (next > lane.expected) {
      GapSkipped gap;
      gap.from = name.first;
      gap.conversation = name.second;
      gap.first = lane.expected;
      gap.last = next - 1;
      gap.reason = reason;
      out.emit(std::move(gap));
      lane.skipped = next - 1;
      lane.expected = next;
    }
    lane.naks = 0;
    drain(view, name, lane, out);
  }
}

// Asking and answering.

void SequencedLayer::ask_later(Lane name, Incoming& lane, Outbox& out) {
  if (lane.asking || options_.naks == 0) return;
  lane.asking = true;
  out.set_timer(timer(name.second, index(name.first)), options_.patience);
}

void SequencedLayer::on_timer(const View& view, TimerKey key, Outbox& out) {
  const Lane name{agent(key.id), key.name};
  const auto known = incoming_.find(name);
  if (known == incoming_.end()) return;
  Incoming& lane = known->second;
  lane.asking = false;
  if (lane.highest < lane.expected) return;
  const std::uint64_t end = lane.held.empty() ? lane.highest + 1 : lane.held.begin()->first;
  if (lane.naks >= options_.naks) {
    skip(view, name, lane, end, "nobody answers", out);
  } else {
    lane.naks++;
    SequencedNak nak;
    nak.epoch = lane.epoch;
    nak.lane = name.second;
    nak.first = lane.expected;
    nak.last = end - 1;
    out.send(name.first, share(std::move(nak)));
  }
  if (lane.highest >= lane.expected) ask_later(name, lane, out);
}

/// Sends again what is asked for, or says that it is gone. Each receiver is answered so much within `patience` and no
/// more, so that a storm of questions costs little more than it says.
void SequencedLayer::on_nak(const View& view, AgentId from, const SequencedNak& nak, Outbox& out) {
  const auto known = outgoing_.find({from, nak.lane});
  if (known == outgoing_.end() || nak.epoch != epoch_ || nak.first == 0 || nak.last < nak.first ||
      nak.last >= known->second.history.next())
    return out.emit(refusal(from, nak, "it asks for what was never sent"));
  Outgoing& lane = known->second;
  if (view.now >= lane.answered + options_.patience / 2) {
    lane.answered = view.now;
    lane.resent = 0;
  }
  if (lane.resent >= kResentMax) return out.emit(refusal(from, nak, "it asks too often"));
  std::uint64_t next = nak.first;
  while (next <= nak.last && (next < lane.history.first() || !lane.history[next].body)) next++;
  if (next > nak.first) {
    SequencedSkip gone;
    gone.epoch = epoch_;
    gone.lane = nak.lane;
    gone.below = next;
    out.send(from, share(std::move(gone)));
    lane.resent++;
  }
  for (; next <= nak.last && lane.resent < kResentMax; next++) {
    if (!lane.history[next].body) break;  // to be told with the next question
    lane.resent++;
    out.send(from, envelope(nak.lane, next, lane.history[next].body));
  }
}

/// A layer outside has given a message up, or delivered it: whoever is inside knows it by its own name. What was given
/// up must not be sent again when the receiver asks for it: its author has been told that it is lost.
void SequencedLayer::on_notice(const View& view, const DeliveryNotice& notice, Outbox& out) {
  const auto* wrapped = notice.body->as<SequencedEnvelope>();
  if (!wrapped) {
    const bool own = notice.body->as<SequencedNak>() || notice.body->as<SequencedSkip>();
    return own ? void() : forward(view, Message{view.self, share(notice)}, out);
  }
  const auto lane = outgoing_.find({notice.to, wrapped->lane});
  if (lane != outgoing_.end() && lane->second.history.contains(wrapped->sequence)) {
    Kept& kept = lane->second.history[wrapped->sequence];
    if (std::exchange(kept.told, true)) return;
    if (notice.state != "delivered") kept.body = nullptr;
  }
  forward(view, Message{view.self, unwrapped(notice, wrapped->body)}, out);
}

}  // namespace conclave

#include "protocols/delivery/reliable_layer.hpp"

#include "core/delivery_events.hpp"
#include "protocols/delivery/reports.hpp"

namespace conclave {

namespace {

/// Further attempts that a retry budget allows whatever the share.
constexpr std::uint64_t kBudgetFloor = 10;

}  // namespace

ReliableLayer::ReliableLayer(std::string_view name, const ReliableOptions& options, const Deployment& deployment,
                             Repeats repeats)
    : options_(options),
      repeats_(repeats),
      draws_(Stream(deployment.seed, name).child(index(deployment.self)).child(deployment.instance)),
      ledger_(options.remember),
      high_water_("unacknowledged", options.buffer) {}

void ReliableLayer::on_input(const View& view, const Input& input, Outbox& out) {
  if (std::holds_alternative<Start>(input)) epoch_ = static_cast<std::uint64_t>(nanoseconds(view.now));
  if (std::holds_alternative<Restarted>(input)) armed_ = kNever;  // the timer went with the host
  const auto* message = std::get_if<Message>(&input);
  if (!message || message->from == view.self) {
    forward(view, input, out);
  } else if (const auto* envelope = message->body->as<DeliveryEnvelope>()) {
    on_envelope(view, message->from, *envelope, out);
  } else if (const auto* ack = message->body->as<DeliveryAck>()) {
    on_ack(view, message->from, *ack, out);
  } else if (const auto* bulk = message->body->as<BulkEnvelope>(); bulk && bulk->body) {
    forward(view, Message{message->from, bulk->body}, out);
  } else {
    out.emit(refusal(message->from, *message->body, kNoSuchLayer));
  }
  notify(view, out);
  arm(view, out);
}

void ReliableLayer::on_effect(const View& view, const Effect& wanted, Outbox& out) {
  if (const auto* transfer = std::get_if<Transfer>(&wanted)) return transfer_in_bulk(*transfer, out);
  const auto* send = std::get_if<Send>(&wanted);
  if (!send) return out.put(wanted);
  if (!to_itself(*send, view.self)) return submit(view, *send, out);
  const auto* query = send->body->as<DeliveryQuery>();
  query ? answer(view, *query, out) : out.put(wanted);
}

void ReliableLayer::on_timer(const View& view, TimerKey key, Outbox& out) {
  if (key.name == kRetry) {
    armed_ = kNever;
    while (!dues_.empty() && dues_.top().at <= view.now) {
      const Due due = dues_.top();
      dues_.pop();
      if (live(due)) retry(view, due, out);
    }
    while (!dues_.empty() && !live(dues_.top())) dues_.pop();  // or the timer would fire for what is over
  }
  notify(view, out);
  arm(view, out);
}

// Sending.

void ReliableLayer::submit(const View& view, const Send& send, Outbox& out) {
  copies_.clear();
  bool all = true;  // go out now
  send.to.each(view.self, [&](AgentId to, std::uint32_t) { all = accept(view, to, send.body, out) && all; });
  const auto wrap = [&](const CopyKey& key, AgentId to) { return envelope(outgoing_to(to), key.first); };
  copies_.send(send, all, wrap, out);
}

ReliableLayer::Outgoing& ReliableLayer::outgoing_to(AgentId to) {
  const auto known = outgoing_.find(to);
  if (known != outgoing_.end()) return known->second;
  Outgoing fresh{.round_trip = RoundTrip(options_.timeout, options_.least, options_.cap), .receiver = {}};
  fresh.granted = options_.window;
  return outgoing_.emplace(to, std::move(fresh)).first->second;
}

/// Takes on a message for one receiver; true if it goes out now.
bool ReliableLayer::accept(const View& view, AgentId to, const RecordPtr& body, Outbox& out) {
  Outgoing& stream = outgoing_to(to);
  accepted_++;
  Pending message{.body = body, .token = ledger_.open(), .submitted = view.now, .last_sent = view.now, .backoff = {}};
  if (stream.pending.size() >= options_.buffer) {
    bury(to, message, TokenState::dead_lettered, "the buffer is full", out);
    return false;
  }
  const std::uint64_t sequence = stream.pending.push(std::move(message));
  high_water_.reaches(stream.pending.size(), to, out);
  if (sequence != stream.untried || sequence >= stream.pending.first() + stream.granted) {
    // It waits for room, but not for longer than its deadline.
    if (options_.deadline) dues_.push({view.now + *options_.deadline, to, sequence, 0});
    return false;
  }
  note_attempt(view, to, stream, sequence);
  copies_.add(to, {sequence, stream.floor});
  return true;
}

/// Counts an attempt that is being made, and sets the time for the next.
void ReliableLayer::note_attempt(const View& view, AgentId to, Outgoing& stream, std::uint64_t sequence) {
  Pending& pending = stream.pending[sequence];
  if (pending.attempts == 0) stream.untried = sequence + 1;
  pending.attempts++;
  pending.last_sent = view.now;
  const Duration base = options_.timer == RetryTimer::adaptive ? stream.round_trip.timeout() : options_.timeout;
  const std::uint64_t word = draws_.child(index(to)).child(sequence).at(pending.attempts);
  Time next = view.now + options_.next(pending.backoff, base, word);
  if (options_.deadline) next = std::min(next, pending.submitted + *options_.deadline);
  dues_.push({next, to, sequence, pending.attempts});
}

std::shared_ptr<const DeliveryEnvelope> ReliableLayer::envelope(const Outgoing& stream, std::uint64_t sequence) const {
  const Pending& pending = stream.pending[sequence];
  DeliveryEnvelope envelope;
  envelope.epoch = epoch_;
  envelope.sequence = sequence;
  envelope.floor = stream.floor;
  envelope.attempt = pending.attempts;
  envelope.body = pending.body;
  return share(std::move(envelope));
}

void ReliableLayer::attempt(const View& view, AgentId to, Outgoing& stream, std::uint64_t sequence, Outbox& out) {
  note_attempt(view, to, stream, sequence);
  out.send(to, envelope(stream, sequence));
}

/// Sends what has waited and now finds room.
void ReliableLayer::release(const View& view, AgentId to, Outgoing& stream, Outbox& out) {
  while (stream.untried < stream.pending.next() && stream.untried < stream.pending.first() + stream.granted) {
    if (stream.pending[stream.untried].body) {
      attempt(view, to, stream, stream.untried, out);
    } else {
      stream.untried++;  // it was given up before it was ever sent
    }
  }
}

// What becomes of it.

void ReliableLayer::on_ack(const View& view, AgentId from, const DeliveryAck& ack, Outbox& out) {
  const auto known = outgoing_.find(from);
  if (ack.epoch < epoch_) return;  // for a life of this agent that is over
  if (known == outgoing_.end() || !plausible(known->second, ack))
    return out.emit(refusal(from, ack, "it answers what was never sent"));
  Outgoing& stream = known->second;
  if (!stream.receiver || *stream.receiver < ack.receiver) {
    // A receiver that has lost its memory must be told where to go on.
    if (stream.receiver) stream.holes.insert(stream.pending.first() - 1);
    stream.receiver = ack.receiver;
    settle_floor(stream);
  }
  if (ack.receiver == *stream.receiver) stream.granted = std::clamp(ack.credit, 1u, options_.window);
  if (ack.accepted) {
    if (stream.pending.contains(ack.sequence)) {
      const Pending& pending = stream.pending[ack.sequence];
      if (pending.body && pending.attempts == ack.attempt) stream.round_trip.measured(view.now - pending.last_sent);
      delivered(from, stream, ack.sequence);
    }
    for (std::uint64_t i = stream.pending.first(); i <= ack.low && stream.pending.contains(i); i++)
      delivered(from, stream, i);
    settle_floor(stream);
  }
  release(view, from, stream, out);
}

/// Whether the receiver can honestly say so. A liar must not confirm what it was never sent.
bool ReliableLayer::plausible(const Outgoing& stream, const DeliveryAck& ack) const {
  if (ack.epoch != epoch_ || ack.sequence == 0 || ack.sequence >= stream.untried || ack.low >= stream.untried)
    return false;
  return !stream.pending.contains(ack.sequence) || ack.attempt <= stream.pending[ack.sequence].attempts;
}

void ReliableLayer::delivered(AgentId to, Outgoing& stream, std::uint64_t sequence) {
  Pending& pending = stream.pending[sequence];
  if (pending.body) end(to, pending, TokenState::delivered, options_.confirm);
}

void ReliableLayer::give_up(AgentId to, Outgoing& stream, std::uint64_t sequence, TokenState state,
                            std::string_view reason, Outbox& out) {
  bury(to, stream.pending[sequence], state, reason, out);
  stream.holes.insert(sequence);
  settle_floor(stream);
}

/// Says that a message is given up, and why.
void ReliableLayer::bury(AgentId to, Pending& pending, TokenState state, std::string_view reason, Outbox& out) {
  DeadLettered event;
  event.token = pending.token;
  event.to = to;
  event.message = pending.body->type->name;
  event.state = name(state);
  event.reason = reason;
  event.attempts = pending.attempts;
  out.emit(std::move(event));
  end(to, pending, state, true);
}

void ReliableLayer::end(AgentId to, Pending& pending, TokenState state, bool tell) {
  ledger_.settle(pending.token, state);
  if (tell) {
    DeliveryNotice notice;
    notice.token = pending.token;
    notice.to = to;
    notice.state = name(state);
    notice.attempts = pending.attempts;
    notice.body = pending.body;
    notices_.push_back(share(std::move(notice)));
  }
  pending.body = nullptr;
}

/// Takes what has ended off the front. If something of it was given up, the receiver is told not to wait for it.
void ReliableLayer::settle_floor(Outgoing& stream) {
  while (!stream.pending.empty() && !stream.pending[stream.pending.first()].body) stream.pending.pop();
  const std::uint64_t first = stream.pending.first();
  stream.untried = std::max(stream.untried, first);
  if (stream.holes.empty() || *stream.holes.begin() >= first) return;
  stream.floor = first;
  stream.holes.erase(stream.holes.begin(), stream.holes.lower_bound(first));
}

// Receiving.

void ReliableLayer::on_envelope(const View& view, AgentId from, const DeliveryEnvelope& envelope, Outbox& out) {
  if (!envelope.body || envelope.sequence == 0) return out.emit(refusal(from, envelope, "it is no message"));
  auto [known, first] = incoming_.try_emplace(from, Incoming{envelope.epoch, DedupWindow(options_.window), {}});
  Incoming& incoming = known->second;
  if (envelope.epoch < incoming.epoch) return out.emit(violation("stale_epoch", from, incoming.epoch, envelope.epoch));
  if (envelope.epoch > incoming.epoch) incoming = Incoming{envelope.epoch, DedupWindow(options_.window), {}};
  if (repeats_ == Repeats::delivered) {
    forward(view, Message{from, envelope.body}, out);
    return acknowledge(from, incoming, envelope, true, out);
  }
  if (envelope.floor > 0) incoming.window.raise(envelope.floor - 1);
  switch (incoming.window.judge(envelope.sequence)) {
    case DedupWindow::Verdict::fresh: return on_fresh(view, from, incoming, envelope, out);
    case DedupWindow::Verdict::duplicate:
      on_repeated(from, incoming, envelope, out);
      return acknowledge(from, incoming, envelope, true, out);
    case DedupWindow::Verdict::beyond:
      out.emit(violation("beyond_window", from, incoming.window.low() + 1, envelope.sequence));
      return acknowledge(from, incoming, envelope, false, out);
  }
}

void ReliableLayer::on_fresh(const View& view, AgentId from, Incoming& incoming, const DeliveryEnvelope& envelope,
                             Outbox& out) {
  incoming.window.mark(envelope.sequence);
  if (options_.evidence > 0) {
    if (incoming.evidence.empty()) incoming.evidence.resize(options_.evidence);
    incoming.evidence[envelope.sequence % options_.evidence] = {envelope.sequence, envelope.body};
  }
  forward(view, Message{from, envelope.body}, out);
  acknowledge(from, incoming, envelope, true, out);
}

/// A repetition is normal where acks are lost. Another message under the same number is a lie.
void ReliableLayer::on_repeated(AgentId from, const Incoming& incoming, const DeliveryEnvelope& envelope, Outbox& out) {
  std::string_view kind = "duplicate";
  if (!incoming.evidence.empty()) {
    const auto& [sequence, body] = incoming.evidence[envelope.sequence % options_.evidence];
    if (sequence == envelope.sequence && !same_content(body, envelope.body)) kind = "equivocation";
  }
  out.emit(violation(kind, from, incoming.window.low() + 1, envelope.sequence));
}

void ReliableLayer::acknowledge(AgentId to, const Incoming& incoming, const DeliveryEnvelope& envelope, bool accepted,
                                Outbox& out) {
  DeliveryAck ack;
  ack.epoch = envelope.epoch;
  ack.sequence = envelope.sequence;
  ack.attempt = envelope.attempt;
  ack.accepted = accepted;
  ack.low = incoming.window.low();
  ack.credit = std::min(options_.credit, options_.window);  // more would be refused
  ack.receiver = epoch_;
  out.send(to, share(std::move(ack)));
}

// Time.

bool ReliableLayer::live(const Due& due) {
  const auto stream = outgoing_.find(due.to);
  if (stream == outgoing_.end() || !stream->second.pending.contains(due.sequence)) return false;
  const Pending& pending = stream->second.pending[due.sequence];
  return pending.body && (pending.attempts == due.attempt || due.attempt == 0);
}

/// A message has waited long enough for an answer to its last attempt, or for room in the window.
void ReliableLayer::retry(const View& view, const Due& due, Outbox& out) {
  Outgoing& stream = outgoing_.at(due.to);
  const Pending& pending = stream.pending[due.sequence];
  const auto over = [&](TokenState state, std::string_view reason) {
    give_up(due.to, stream, due.sequence, state, reason, out);
    release(view, due.to, stream, out);
  };
  if (options_.deadline && view.now >= pending.submitted + *options_.deadline)
    return over(TokenState::expired, "its deadline has passed");
  if (due.attempt == 0) return;  // sent meanwhile
  if (pending.attempts >= options_.attempts) return over(TokenState::dead_lettered, "no answer to any attempt");
  if (options_.budget && repeated_ >= options_.budget->millionths * accepted_ / Factor::kOne + kBudgetFloor)
    return over(TokenState::dead_lettered, "the retry budget is used up");
  repeated_++;
  attempt(view, due.to, stream, due.sequence, out);
  Retransmitted event;
  event.token = pending.token;
  event.to = due.to;
  event.attempt = pending.attempts;
  out.emit(std::move(event));
}

/// One timer for all: set for the first attempt that still waits.
void ReliableLayer::arm(const View& view, Outbox& out) {
  if (dues_.empty() || dues_.top().at >= armed_) return;
  armed_ = dues_.top().at;
  out.set_timer(timer(kRetry), std::max(armed_ - view.now, Duration::zero()));
}

// What is inside.

void ReliableLayer::answer(const View& view, const DeliveryQuery& query, Outbox& out) {
  DeliveryState state;
  state.token = query.token;
  state.state = name(ledger_.state(query.token));
  forward(view, Message{view.self, share(std::move(state))}, out);
}

/// Tells what has ended. What ends because of the answers is told in a step of its own.
void ReliableLayer::notify(const View& view, Outbox& out) {
  if (notices_.empty()) return;
  std::vector<RecordPtr> notices;
  notices.swap(notices_);
  for (const RecordPtr& notice : notices) forward(view, Message{view.self, notice}, out);
  if (!notices_.empty()) out.set_timer(timer(kNotify), Duration::zero());
}

}  // namespace conclave

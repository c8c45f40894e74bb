#include "protocols/hierarchy/succession.hpp"

#include <algorithm>

namespace conclave {

std::optional<std::uint32_t> Succession::rank(AgentId agent) const {
  const auto found = std::find(electors_.begin(), electors_.end(), agent);
  if (found == electors_.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - electors_.begin());
}

Epoch Succession::next_term(const View& view, Epoch known) const {
  const std::uint64_t k = electors_.size();
  return {(std::max(known.term, granted_.term) / k + 1) * k + *rank(view.self), 1};
}

std::optional<Epoch> Succession::call(const View& view, Epoch known, Outbox& out) {
  calling_ = true;
  answered_ = false;
  skipped_.clear();
  candidacy_ = next_term(view, known);
  const std::uint32_t mine = *rank(view.self);
  if (rules_.kind == ElectionKind::ring) {
    pass_on(view, mine, out);
    if (!token_to_) return win(view, out);
    out.set_timer(timer(kRetry), rules_.patience * static_cast<std::int64_t>(2 * electors_.size()));
    return std::nullopt;
  }
  ElectionCall call;
  call.epoch = candidacy_;
  const RecordPtr body = share(std::move(call));
  if (rules_.kind == ElectionKind::lease) {
    if (view.now < promised_until_) {
      out.set_timer(timer(kRetry), promised_until_ - view.now);
      return std::nullopt;
    }
    granted_ = candidacy_;
    grants_ = {view.self};
    if (grants_.size() >= majority()) return win(view, out);
    out.multicast(electors_, body);
    // Lower ranks try again sooner, so that two candidates do not keep each other from a majority for ever.
    out.set_timer(timer(kRetry), rules_.patience * static_cast<std::int64_t>(2 + mine));
    return std::nullopt;
  }
  for (std::uint32_t better = 0; better < mine; better++) out.send(electors_[better], body);
  if (mine == 0) return win(view, out);
  out.set_timer(timer(kAnswer), rules_.patience);
  return std::nullopt;
}

std::optional<Epoch> Succession::win(const View& view, Outbox& out) {
  settled(out);
  ElectionWon won;
  won.epoch = candidacy_;
  granted_ = candidacy_;
  out.multicast(electors_, share(std::move(won)));
  static_cast<void>(view);
  return candidacy_;
}

void Succession::settled(Outbox& out) {
  if (!calling_) return;
  calling_ = false;
  token_.reset(), token_to_.reset();
  grants_.clear();
  out.cancel_timer(timer(kAnswer));
  out.cancel_timer(timer(kRetry));
}

/// To the next elector that has not failed to take it; to nobody if none is left.
void Succession::pass_on(const View& view, std::uint32_t candidate, Outbox& out) {
  const auto k = static_cast<std::uint32_t>(electors_.size());
  token_ = candidate;
  token_to_.reset();
  for (std::uint32_t step = 1; step < k && !token_to_; step++) {
    const std::uint32_t next = (*rank(view.self) + step) % k;
    if (!skipped_.contains(next)) token_to_ = next;
  }
  if (!token_to_) return;
  ElectionToken token;
  token.epoch = candidacy_;
  token.candidate = candidate;
  out.send(electors_[*token_to_], share(std::move(token)));
  out.set_timer(timer(kAnswer), rules_.patience);
}

std::optional<Epoch> Succession::hear(const View& view, const Message& message, Epoch known, bool leads, Outbox& out) {
  const std::optional<std::uint32_t> from = rank(message.from);
  const std::uint32_t mine = *rank(view.self);
  if (!from) return std::nullopt;
  if (const auto* call = message.body->as<ElectionCall>()) {
    ElectionAnswer answer;
    answer.epoch = call->epoch;
    if (rules_.kind == ElectionKind::lease) {
      if (view.now < promised_until_ || call->epoch <= granted_ || owner(call->epoch) != message.from || leads)
        return std::nullopt;
      granted_ = call->epoch;
      promised_until_ = view.now + rules_.patience;  // time to win and be heard from
      out.send(message.from, share(std::move(answer)));
      return std::nullopt;
    }
    if (*from < mine) return std::nullopt;
    out.send(message.from, share(std::move(answer)));
    const std::uint64_t k = electors_.size();
    const bool over = call->epoch.term / k <= granted_.term / k;  // somebody has been elected since it called
    if (!leads && !calling_ && !over) return this->call(view, std::max(known, call->epoch), out);
  } else if (const auto* answer = message.body->as<ElectionAnswer>()) {
    if (!calling_ || answer->epoch != candidacy_) return std::nullopt;
    if (rules_.kind == ElectionKind::lease) {
      grants_.insert(message.from);
      if (grants_.size() >= majority()) return win(view, out);
    } else if (!std::exchange(answered_, true)) {
      out.cancel_timer(timer(kAnswer));
      out.set_timer(timer(kRetry), rules_.patience * static_cast<std::int64_t>(2 * electors_.size()));
    }
  } else if (const auto* token = message.body->as<ElectionToken>()) {
    ElectionTokenTaken taken;
    taken.candidate = token->candidate;
    out.send(message.from, share(std::move(taken)));
    if (leads) return std::nullopt;
    candidacy_ = next_term(view, std::max(known, token->epoch));
    if (token->candidate == mine) return win(view, out);
    const bool began = std::exchange(calling_, true);
    if (token->candidate < mine) {
      pass_on(view, token->candidate, out);
    } else if (!began) {
      pass_on(view, mine, out);  // it goes no further: this elector's own does
    }
  } else if (const auto* took = message.body->as<ElectionTokenTaken>()) {
    if (token_ == took->candidate && token_to_ == from) {
      token_to_.reset();
      out.cancel_timer(timer(kAnswer));
    }
  }
  return std::nullopt;
}

std::optional<Epoch> Succession::on_timer(const View& view, TimerKey key, Epoch known, Outbox& out) {
  if (!calling_) return std::nullopt;
  if (key == timer(kRetry)) return call(view, known, out);
  if (key != timer(kAnswer)) return std::nullopt;
  if (rules_.kind == ElectionKind::bully) return win(view, out);
  if (rules_.kind == ElectionKind::ring && token_to_) {
    skipped_.insert(*token_to_);
    pass_on(view, *token_, out);
    if (!token_to_ && *token_ == *rank(view.self)) return win(view, out);
  }
  return std::nullopt;
}

void Succession::renew(Epoch epoch, Time now) {
  if (epoch.term < granted_.term) return;
  granted_ = epoch;
  promised_until_ = now + rules_.lease + rules_.lease / 1000 * rules_.drift;
}

Time Succession::lease_end(std::vector<Time> echoes, Time now) const {
  if (majority() <= 1) return kFarFuture;
  const std::size_t needed = majority() - 1;  // besides itself
  if (echoes.size() < needed) return now;
  std::sort(echoes.begin(), echoes.end(), std::greater<>());
  return echoes[needed - 1] + rules_.lease - rules_.lease / 1000 * rules_.drift;
}

}  // namespace conclave

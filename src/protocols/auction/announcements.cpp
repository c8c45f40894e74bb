#include "protocols/auction/announcements.hpp"

#include <fmt/core.h>

namespace conclave {

namespace {

/// By how much the chosen bid is ahead, and of whom.
std::string reason_of(const Session& session, std::size_t at, const Evaluated& chosen, bool by_score) {
  const Evaluated* next = nullptr;
  std::size_t others = 0;
  for (const Evaluated& each : session.evaluated) {
    if (each.offer.task != chosen.offer.task || session.states[at].tried.contains(each.bidder)) continue;
    others++;
    if (!next || (by_score ? each.score > next->score : each.offer.price < next->offer.price)) next = &each;
  }
  if (!next) return "the only bid that can be considered";
  if (by_score)
    return fmt::format("score {} before {} of agent {}, the best of {} others", chosen.score, next->score,
                       index(next->bidder), others);
  return fmt::format("price {} before {} of agent {}, the best of {} others", chosen.offer.price, next->offer.price,
                     index(next->bidder), others);
}

}  // namespace

void announce(std::uint64_t auction, AgentId bidder, const Assessment& assessment, Outbox& out) {
  CapabilityAssessed event;
  event.auction = auction;
  event.bidder = bidder;
  event.contracts = assessment.contracts;
  event.quality_calibration = assessment.quality_calibration;
  event.performance_calibration = assessment.performance_calibration;
  event.reliability = assessment.reliability;
  event.failure = assessment.failure;
  event.risk = assessment.risk;
  out.emit(std::move(event));
}

void announce(std::uint64_t auction, const Evaluated& bid, Outbox& out) {
  BidScored event;
  event.auction = auction;
  event.task = bid.offer.task;
  event.bidder = bid.bidder;
  event.infeasible = bid.infeasible;
  event.price = bid.offer.price;
  event.measured = bid.measured;
  event.parts = bid.parts;
  event.risk = bid.risk;
  event.score = bid.score;
  event.tie = bid.tie;
  out.emit(std::move(event));
}

void announce(std::uint64_t auction, const PriceRounds& rounds, Outbox& out) {
  PricesAgreed event;
  event.auction = auction;
  event.rounds = rounds.round() - 1;
  event.prices = rounds.prices();
  event.holders = rounds.holders();
  out.emit(std::move(event));
}

void announce(const Session& session, std::size_t at, const AuctionContract& contract, bool by_score, Outbox& out) {
  const Evaluated& chosen = session.evaluation(contract.bidder, session.tasks[at].number);
  TaskAwarded event;
  event.auction = session.number;
  event.task = session.tasks[at].number;
  event.attempt = session.states[at].attempts;
  event.bidder = contract.bidder;
  event.payment = contract.payment;
  event.score = chosen.score;
  event.reason = reason_of(session, at, chosen, by_score);
  out.emit(std::move(event));
}

void announce_end(const Session& session, std::size_t at, AgentId bidder, std::string reason, Outbox& out) {
  TaskClosed event;
  event.auction = session.number;
  event.task = session.tasks[at].number;
  event.done = bidder != kNobody;
  event.bidder = bidder;
  event.reason = std::move(reason);
  out.emit(std::move(event));
}

}  // namespace conclave

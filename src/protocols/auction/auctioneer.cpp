// The auctioneer of the contract net and of all sealed-bid auctions: Smith, "The Contract Net Protocol", IEEE
// Transactions on Computers C-29, 1980; FIPA Contract Net Interaction Protocol, SC00029H, 2002.
//
//   auctioneer                            bidders
//       |-- call for bids ------------------>|   the tasks, how bids are judged, until when
//       |<------------------------- bid -----|   or declined
//   deadline: filter, score, settle          |
//       |-- award --------> winner           |
//       |<----- answer -----|                |   yes, or no: then the next of the ranking
//       |-- start --------->|                |   with the input data; only now the winner holds the task
//       |-- rejected ----------------------->|   the others are free
//       |<----- result -----|                |   on time and as promised? then
//       |-- payment ------->|                |
//
// What can go wrong comes to one thing, the end of a contract, and then to the next of the ranking: no answer, no
// result in time, a failure, a result below what was promised. A task that nobody fulfils within `reawards` further
// awards is reported failed. So every task ends, and how its contracts ended is what later auctions learn from.
//
// One holder at most. A bidder works only after Start, a contract has an end that both sides know, and a task is
// awarded again only when its last contract is over. Without `acknowledge` the award is the start, one round trip less:
// then a lost award costs the whole time of the contract.
//
// Who wins and for how much is the mechanism's business, how a bid becomes a score the scoring rule's: pure functions
// (mechanisms/, scoring/) of the published terms and the bids. Ties are broken by lots that are drawn after the
// deadline.

#include <fmt/core.h>

#include <algorithm>

#include "protocols/auction/announcements.hpp"
#include "protocols/auction/auction_options.hpp"
#include "protocols/auction/session.hpp"

namespace conclave {
namespace {

class Auctioneer final : public Protocol {
 public:
  using Options = AuctioneerOptions;

  Auctioneer(const Options& options, const Deployment& deployment)
      : options_(options),
        terms_(options.terms()),
        mechanism_(make_by_name<MechanismCatalog>(options.mechanism.name)),
        scoring_(make_by_name<ScoringCatalog>(options.scoring.name)),
        bidders_(deployment.roster.find(options.bidders)->agents),
        task_draws_(deployment.seed, "tasks"),
        lots_(Stream(deployment.seed, "auction lots").child(index(deployment.self))),
        history_(options.learning()) {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    AuctioneerOptions::check(options, deployment, written, diagnostics);
  }

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input, [&](const Request&) { open(view, out); },
        [&](const Message& message) { on_message(view, message.from, *message.body, message.body, out); },
        [&](const TimerFired& timer) { on_timer(view, timer.key, out); },
        [&](const Restarted&) { set_timers_again(view, out); });
  }

 private:
  enum Timer : std::uint32_t { kDeadline, kRound, kAnswer, kResult };

  void on_message(const View& view, AgentId from, const Record& body, const RecordPtr& shared, Outbox& out) {
    if (!bidders_.contains(from)) return;
    dispatch<Bid, PriceBid, BidWithdrawn, AwardAnswer, ContractResult>(
        body, Overload{
                  [&](const Bid& bid) { on_bid(view, from, bid, std::static_pointer_cast<const Bid>(shared), out); },
                  [&](const PriceBid& bid) { on_price_bid(view, from, bid, out); },
                  [&](const BidWithdrawn& withdrawn) { on_withdrawn(view, from, withdrawn, out); },
                  [&](const AwardAnswer& answer) { on_answer(view, from, answer, out); },
                  [&](const ContractResult& result) { on_result(view, from, result, out); },
              });
  }

  void on_timer(const View& view, TimerKey key, Outbox& out) {
    if (key.name == kDeadline || key.name == kRound) {
      const auto session = sessions_.find(key.id);
      if (session == sessions_.end() || session->second.settled) return;
      return key.name == kRound ? close_round(view, session->second, out) : close_bidding(view, session->second, out);
    }
    Session* session = session_of(key.id);
    if (!session || !session->states[session->position(key.id)].contract) return;
    const bool started = session->states[session->position(key.id)].contract->started;
    if (started != (key.name == kResult)) return;
    end_contract(view, *session, key.id, started ? ContractEnd::late : ContractEnd::unanswered, 0, out);
  }

  // Calling for bids.

  void open(const View& view, Outbox& out) {
    Session& session = sessions_[++opened_];
    session.number = opened_;
    for (std::uint32_t i = 0; i < options_.lot; i++)
      session.tasks.push_back(options_.task((opened_ - 1) * options_.lot + i + 1, task_draws_));
    session.states.resize(session.tasks.size());
    session.deadline = view.now + options_.bid_window;
    CallForBids call;
    call.auction = session.number;
    call.terms = terms_;
    call.tasks = session.tasks;
    call.deadline = session.deadline;
    call.answer_by = session.deadline + options_.answer_within;
    call.valid_until = session.deadline + options_.ends_within();
    AuctionOpened event;
    event.auction = session.number;
    event.terms = terms_;
    event.tasks = session.tasks;
    event.asked = bidders_.count;
    event.deadline = session.deadline;
    event.ends_within = options_.ends_within();
    out.emit(std::move(event));
    out.broadcast(bidders_, share(std::move(call)));
    out.set_timer({.name = kDeadline, .id = session.number}, options_.bid_window);
    if (!mechanism_->in_rounds()) return;
    session.rounds = PriceRounds(session.tasks, terms_.epsilon, lots_.child(session.number));
    quote(session, out);
  }

  // Bidding in rounds, where the mechanism does so: everybody hears the prices, who holds nothing may undercut.

  void quote(const Session& session, Outbox& out) const {
    PriceQuote prices;
    prices.auction = session.number;
    prices.round = session.rounds.round();
    prices.prices = session.rounds.prices();
    prices.holders = session.rounds.holders();
    out.broadcast(bidders_, share(std::move(prices)));
    out.set_timer({.name = kRound, .id = session.number}, options_.round);
  }

  void on_price_bid(const View& view, AgentId from, const PriceBid& bid, Outbox& out) {
    const auto found = sessions_.find(bid.auction);
    if (found == sessions_.end() || !mechanism_->in_rounds()) return;
    Session& session = found->second;
    if (session.settled || view.now > session.deadline || bid.offer.task < session.tasks.front().number) return;
    if (!session.rounds.bid(from, session.position(bid.offer.task), bid.offer)) return;
    if (!session.in_rounds.insert(from).second) return;
    BidTaken taken;
    taken.auction = bid.auction;
    taken.bidder = from;
    out.emit(std::move(taken));
  }

  void close_round(const View& view, Session& session, Outbox& out) {
    if (!session.rounds.close_round()) return quote(session, out);
    out.cancel_timer({.name = kDeadline, .id = session.number});
    close_bidding(view, session, out);
  }

  // Bids: the first one of each bidder counts.

  void on_bid(const View& view, AgentId from, const Bid& bid, BidPtr shared, Outbox& out) {
    const auto session = sessions_.find(bid.auction);
    const std::string reason = why_refused(view, from, bid, session == sessions_.end() ? nullptr : &session->second);
    if (!reason.empty()) {
      BidRefused refused;
      refused.auction = bid.auction;
      refused.bidder = from;
      refused.reason = reason;
      return out.emit(std::move(refused));
    }
    session->second.bids.emplace(from, std::move(shared));
    BidTaken taken;
    taken.auction = bid.auction;
    taken.bidder = from;
    out.emit(std::move(taken));
  }

  std::string why_refused(const View& view, AgentId from, const Bid& bid, const Session* session) const {
    if (bid.auctioneer != view.self) return "for another auctioneer";
    if (!session) return bid.auction == 0 || bid.auction > opened_ ? "no such auction" : "the auction is over";
    if (session->settled || view.now > session->deadline) return "after the deadline";
    if (bid.bidder != from) return "somebody else's bid";
    if (!view.crypto.verify(bid, from)) return "the signature does not fit";
    if (session->bids.contains(from)) return "has bid before";
    std::set<std::uint64_t> seen;
    for (const TaskOffer& offer : bid.offers)
      if (!seen.insert(offer.task).second || offer.task < session->tasks.front().number ||
          offer.task > session->tasks.back().number)
        return "offers what was not asked for";
    return {};
  }

  void on_withdrawn(const View& view, AgentId from, const BidWithdrawn& withdrawn, Outbox& out) {
    const auto session = sessions_.find(withdrawn.auction);
    if (session == sessions_.end() || session->second.settled || view.now > session->second.deadline) return;
    if (session->second.bids.erase(from) == 0) return;
    BidRefused event;
    event.auction = withdrawn.auction;
    event.bidder = from;
    event.reason = "withdrawn";
    out.emit(std::move(event));
  }

  // The deadline: filter, score, settle.

  void close_bidding(const View& view, Session& session, Outbox& out) {
    session.settled = true;
    std::map<AgentId, Assessment> assessments;
    if (mechanism_->in_rounds()) announce(session.number, session.rounds, out);
    session.waiting = session.in_rounds;
    for (const auto& [bidder, bid] : session.bids) session.waiting.insert(bidder);
    for (const AgentId bidder : session.waiting) {
      assessments.emplace(bidder, history_.assess(bidder));
      announce(session.number, bidder, assessments.at(bidder), out);
    }
    for (const AuctionTask& task : session.tasks) {
      std::vector<std::pair<AgentId, TaskOffer>> offers = session.rounds.held(task.number);
      for (const auto& [bidder, bid] : session.bids)
        for (const TaskOffer& offer : bid->offers)
          if (offer.task == task.number) offers.emplace_back(bidder, offer);
      for (Evaluated& each :
           evaluate(terms_, *scoring_, task, offers, assessments, history_.archive(), lots_.child(session.number))) {
        announce(session.number, each, out);
        if (each.infeasible.empty()) {
          session.evaluated.push_back(std::move(each));
        } else if (session.infeasible.empty()) {
          session.infeasible = each.infeasible;
        }
      }
    }
    std::vector<std::size_t> all(session.tasks.size());
    for (std::size_t i = 0; i < all.size(); i++) all[i] = i;
    award(view, session, all, out);
  }

  // Awards.

  void award(const View& view, Session& session, const std::vector<std::size_t>& open, Outbox& out) {
    std::set<std::size_t> awarded;
    std::vector<std::size_t> may_be;
    for (const std::size_t at : open)
      if (session.states[at].attempts <= options_.reawards) may_be.push_back(at);
    for (auto& [at, contract] : session.settle(*mechanism_, may_be)) {
      awarded.insert(at);
      offer_contract(view, session, at, std::move(contract), out);
    }
    for (const std::size_t at : open)
      if (!awarded.contains(at)) fail(session, at, out);
    release_losers(session, out);
    if (session.over()) sessions_.erase(session.number);
  }

  void offer_contract(const View& view, Session& session, std::size_t at, AuctionContract contract, Outbox& out) {
    TaskState& state = session.states[at];
    const std::uint64_t task = session.tasks[at].number;
    state.attempts++;
    state.tried.insert(contract.bidder);
    announce(session, at, contract, mechanism_->by_score(), out);
    contract.answer_by = view.now + options_.answer_within;
    Award offer;
    offer.auction = session.number;
    offer.task = task;
    offer.attempt = state.attempts;
    offer.payment = contract.payment;
    offer.answer_by = contract.answer_by;
    offer.acknowledged = options_.acknowledge;
    const AgentId winner = contract.bidder;
    state.contract = std::move(contract);
    if (options_.acknowledge) {
      out.send(winner, share(std::move(offer)));
      out.set_timer({.name = kAnswer, .id = task}, options_.answer_within);
    } else {
      begin(view, session, at);
      offer.until = state.contract->until;
      hand_out(winner, session.tasks[at], share(std::move(offer)), out);
      await_result(view, session, at, out);
    }
  }

  // Contracts.

  void on_answer(const View& view, AgentId from, const AwardAnswer& answer, Outbox& out) {
    Session* session = session_of(answer.task);
    if (!session) return;
    const std::size_t at = session->position(answer.task);
    TaskState& state = session->states[at];
    if (!state.contract || state.contract->bidder != from || state.contract->started) return;
    if (answer.attempt != state.attempts || view.now > state.contract->answer_by) return;
    out.cancel_timer({.name = kAnswer, .id = answer.task});
    if (!answer.accepted) return end_contract(view, *session, answer.task, ContractEnd::declined, 0, out);
    begin(view, *session, at);
    ContractStart start;
    start.auction = session->number;
    start.task = answer.task;
    start.attempt = state.attempts;
    start.until = state.contract->until;
    hand_out(from, session->tasks[at], share(std::move(start)), out);
    await_result(view, *session, at, out);
    release_losers(*session, out);
  }

  static void begin(const View& view, Session& session, std::size_t at) {
    AuctionContract& contract = *session.states[at].contract;
    contract.started = true;
    contract.begun = view.now;
    contract.until = view.now + contract.offer.duration;
  }

  /// The message that lets a winner begin, with the data that it needs.
  static void hand_out(AgentId to, const AuctionTask& task, RecordPtr body, Outbox& out) {
    if (task.input_bytes == 0) return out.send(to, std::move(body));
    out.transfer({.id = task.number}, to, task.input_bytes, std::move(body));
  }

  void await_result(const View& view, const Session& session, std::size_t at, Outbox& out) const {
    const Duration left = session.states[at].contract->until - view.now + options_.grace;
    out.set_timer({.name = kResult, .id = session.tasks[at].number}, left);
  }

  void on_result(const View& view, AgentId from, const ContractResult& result, Outbox& out) {
    Session* session = session_of(result.task);
    if (!session) return;
    const TaskState& state = session->states[session->position(result.task)];
    if (!state.contract || state.contract->bidder != from || !state.contract->started) return;
    if (result.attempt != state.attempts) return;
    ContractEnd end = ContractEnd::fulfilled;
    if (!result.completed) {
      end = ContractEnd::failed;
    } else if (view.now > state.contract->until + options_.grace) {
      end = ContractEnd::late;
    } else if (result.quality < specification(session->tasks[session->position(result.task)], *state.contract)) {
      end = ContractEnd::below_specification;
    }
    end_contract(view, *session, result.task, end, result.quality, out);
  }

  /// The quality that must be delivered.
  Millionths specification(const AuctionTask& task, const AuctionContract& contract) const {
    return std::max(task.quality_least, contract.offer.quality.value_or(0) - millionths(options_.tolerance));
  }

  /// Whatever the end is, this is where a task goes on from a contract: it is closed, or awarded to the next.
  void end_contract(const View& view, Session& session, std::uint64_t task, ContractEnd end, Millionths quality,
                    Outbox& out) {
    const std::size_t at = session.position(task);
    TaskState& state = session.states[at];
    const AuctionContract contract = std::move(*state.contract);
    state.contract.reset();
    out.cancel_timer({.name = kResult, .id = task});
    learn(view, session, at, contract, end, quality, out);
    if (end == ContractEnd::fulfilled) {
      pay(session.number, task, contract, out);
      return close(session, at, contract.bidder, {}, out);
    }
    if (end != ContractEnd::declined) {
      ContractCancelled cancelled;
      cancelled.auction = session.number;
      cancelled.task = task;
      cancelled.attempt = state.attempts;
      out.send(contract.bidder, share(std::move(cancelled)));
    }
    award(view, session, {at}, out);
  }

  void learn(const View& view, const Session& session, std::size_t at, const AuctionContract& contract, ContractEnd end,
             Millionths quality, Outbox& out) {
    const AuctionTask& task = session.tasks[at];
    ContractEnded event;
    event.auction = session.number;
    event.task = task.number;
    event.bidder = contract.bidder;
    event.end = end;
    event.quality_promised = contract.offer.quality.value_or(0);
    event.quality_due = specification(task, contract);
    event.quality_delivered = quality;
    event.performance_promised = contract.offer.performance.value_or(0);
    event.performance_delivered = delivered_performance(view, task, contract);
    history_.learn(event);
    if (end == ContractEnd::fulfilled)
      history_.archive(features(terms_, contract.offer.price, quality, event.performance_delivered));
    out.emit(std::move(event));
  }

  /// Operations a second from start to result, as the auctioneer sees it: in millionths of Mf.
  static Millionths delivered_performance(const View& view, const AuctionTask& task, const AuctionContract& contract) {
    if (!contract.started || task.operations == 0 || view.now == contract.begun)
      return contract.offer.performance.value_or(0);
    return scaled(static_cast<Millionths>(task.operations), 1'000'000'000, nanoseconds(view.now - contract.begun));
  }

  static void pay(std::uint64_t auction, std::uint64_t task, const AuctionContract& contract, Outbox& out) {
    BidderPaid event;
    event.auction = auction;
    event.task = task;
    event.bidder = contract.bidder;
    event.amount = contract.payment;
    out.emit(std::move(event));
    ContractPayment payment;
    payment.auction = auction;
    payment.task = task;
    payment.amount = contract.payment;
    out.send(contract.bidder, share(std::move(payment)));
  }

  // The end of a task.

  void fail(Session& session, std::size_t at, Outbox& out) {
    const std::uint32_t attempts = session.states[at].attempts;
    std::string reason;
    if (attempts > options_.reawards) {
      reason = fmt::format("awarded {} times in vain", attempts);
    } else if (attempts > 0) {
      reason = fmt::format("no bidder is left after {} awards", attempts);
    } else if (session.evaluated.empty() && session.infeasible.empty()) {
      reason = "no bids";
    } else if (session.evaluated.empty()) {
      reason = fmt::format("no bid can be considered: {}", session.infeasible);
    } else {
      reason = "no bidder is left for it";
    }
    finish(session, at, kNobody, std::move(reason), out);
  }

  void close(Session& session, std::size_t at, AgentId bidder, std::string reason, Outbox& out) {
    finish(session, at, bidder, std::move(reason), out);
    release_losers(session, out);
    if (session.over()) sessions_.erase(session.number);
  }

  static void finish(Session& session, std::size_t at, AgentId bidder, std::string reason, Outbox& out) {
    session.states[at].closed = true;
    announce_end(session, at, bidder, std::move(reason), out);
  }

  /// Once all tasks are under way: those who wait in vain are free to bid elsewhere.
  static void release_losers(Session& session, Outbox& out) {
    if (!session.nothing_to_award()) return;
    std::vector<AgentId> losers;
    for (const AgentId bidder : session.waiting)
      if (!session.holds_contract(bidder)) losers.push_back(bidder);
    session.waiting.clear();
    if (losers.empty()) return;
    BidRejected rejected;
    rejected.auction = session.number;
    out.multicast(std::move(losers), share(std::move(rejected)));
  }

  /// The session that a task belongs to, if it is not over.
  Session* session_of(std::uint64_t task) {
    if (task == 0) return nullptr;
    const auto session = sessions_.find((task - 1) / options_.lot + 1);
    return session == sessions_.end() || !session->second.settled ? nullptr : &session->second;
  }

  /// After an outage: whatever was due meanwhile is due now.
  void set_timers_again(const View& view, Outbox& out) {
    const auto left = [&](Time due) { return std::max(Duration::zero(), due - view.now); };
    for (const auto& [number, session] : sessions_) {
      if (!session.settled) out.set_timer({.name = kDeadline, .id = number}, left(session.deadline));
      if (!session.settled && mechanism_->in_rounds()) out.set_timer({.name = kRound, .id = number}, options_.round);
      for (std::size_t at = 0; at < session.states.size(); at++) {
        const std::optional<AuctionContract>& contract = session.states[at].contract;
        if (!contract) continue;
        const std::uint64_t task = session.tasks[at].number;
        contract->started ? out.set_timer({.name = kResult, .id = task}, left(contract->until + options_.grace))
                          : out.set_timer({.name = kAnswer, .id = task}, left(contract->answer_by));
      }
    }
  }

  const Options options_;
  const AuctionTerms terms_;
  const std::shared_ptr<const Mechanism> mechanism_;
  const std::shared_ptr<const ScoringRule> scoring_;
  const AgentRange bidders_;
  const Stream task_draws_;
  const Stream lots_;
  History history_;
  std::uint64_t opened_ = 0;
  std::map<std::uint64_t, Session> sessions_;  ///< those that are not over
};

const bool registered =
    ProtocolCatalog::add<Auctioneer>({.name = "auctioneer",
                                      .family = "auction",
                                      .summary = "calls for bids on every request, awards, supervises and pays",
                                      .uses_host = true});

}  // namespace
}  // namespace conclave

// A bidder: it knows what a task would cost it and how well it would do it, offers that, and works for whoever awards
// it a task. The work is real in the simulation: a computation on its SimGrid host, shared with whatever else runs
// there, and data through the network.
//
// It can serve `capacity` auctions and contracts at once. In the contract net a bid is a promise, so room is kept from
// the bid until the award, or until losers are told; a bidder without room declines to bid. Where the mechanism
// confirms, bids promise nothing and room is looked for when the award comes. An offer stands until the auction is
// over, for the winner may fail: but without room kept for it, an award that comes late may be declined.
//
// Its cost is drawn for each task, its quality once: both are its own secret, and told only to the observers of the
// run.

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/auction_events.hpp"
#include "core/auction_messages.hpp"
#include "core/auction_rules.hpp"
#include "core/distribution.hpp"
#include "protocols/auction/strategy.hpp"

namespace conclave {

template <>
struct Choices<Strategy> {
  static constexpr std::pair<Strategy, std::string_view> kNames[] = {{Strategy::truthful, "truthful"},
                                                                     {Strategy::equilibrium, "equilibrium"}};
};

namespace {

class Bidder final : public Protocol {
 public:
  struct Options {
    std::uint32_t capacity = 1;
    Factor cost_least = Factor::of(10);
    Factor cost_most = Factor::of(50);
    Factor quality_least = Factor::of(0.7);
    Factor quality_most = Factor::of(0.95);
    ComputeSpeed speed{1'000'000'000};
    Factor slack = Factor::of(1.5);
    Duration margin = std::chrono::milliseconds(100);
    Duration thinking{};
    Duration patience = std::chrono::seconds(1);
    Strategy strategy = Strategy::truthful;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("capacity", &Options::capacity, "auctions and contracts that it serves at once", {.least = 1})
              .add("cost_least", &Options::cost_least, "its cost is drawn for each task, from here")
              .add("cost_most", &Options::cost_most, "to here")
              .add("quality_least", &Options::quality_least, "its quality is drawn once, from here")
              .add("quality_most", &Options::quality_most, "to here")
              .add("speed", &Options::speed, "what it believes of its host, for what it promises",
                   {.least = ComputeSpeed{1}})
              .add("slack", &Options::slack, "it promises this many times the time that it expects to compute")
              .add("margin", &Options::margin, "and so much more, for the way of the data")
              .add("thinking", &Options::thinking, "longest time before it bids, drawn each time")
              .add("patience", &Options::patience, "how long it keeps room for an award that it has accepted")
              .add("strategy", &Options::strategy, "truthful asks for its cost, equilibrium for what pays best");
      return table;
    }
  };

  Bidder(const Options& options, const Deployment& deployment)
      : options_(options), types_(Stream(deployment.seed, "bidder types").child(index(deployment.self))) {}

  static void check(const Options& options, const Deployment&, const Value& written, Diagnostics& diagnostics) {
    const auto ordered = [&](const char* key, Factor least, Factor most) {
      const Value* at = written.is_map() ? written.find(key) : nullptr;
      if (least > most)
        diagnostics.error(at ? at->at : written.at, fmt::format("{} is {}, above {}", key, text(least), text(most)));
    };
    ordered("cost_least", options.cost_least, options.cost_most);
    ordered("quality_least", options.quality_least, options.quality_most);
  }

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input, [&](const Message& message) { on_message(view, message.from, message.body, out); },
        [&](const TimerFired& timer) { on_timer(view, timer.key, out); },
        [&](const WorkFinished& work) { on_work(view, work, out); }, [&](const Restarted&) { on_restarted(out); });
  }

 private:
  enum Timer : std::uint32_t { kBid, kFree, kForget, kPatience, kLease };
  enum Work : std::uint32_t { kExecute, kDeliver };
  using AuctionName = std::pair<AgentId, std::uint64_t>;

  /// An auction that it takes part in.
  struct Part {
    std::uint64_t number = 0;  ///< its own, for timers
    std::shared_ptr<const CallForBids> call;
    std::vector<TaskOffer> offers;  ///< as bid
  };
  /// A task that it was awarded. It holds it once it may begin.
  struct Job {
    AgentId auctioneer;
    std::uint64_t auction;
    std::uint32_t attempt;
    AuctionTask task;
    Millionths quality = 0;  ///< that it will deliver: what it has offered
    bool held = false;
    bool executed = false;
  };

  void on_message(const View& view, AgentId from, const RecordPtr& body, Outbox& out) {
    dispatch<CallForBids, PriceQuote, Award, ContractStart, BidRejected, ContractCancelled>(
        *body,
        Overload{
            [&](const CallForBids&) { consider(view, from, std::static_pointer_cast<const CallForBids>(body), out); },
            [&](const PriceQuote& quote) { undercut(view, from, quote, out); },
            [&](const Award& award) { on_award(view, from, award, out); },
            [&](const ContractStart& start) { on_start(view, from, start, out); },
            [&](const BidRejected& rejected) {
              reserved_.erase({from, rejected.auction});  // the offer stands: whoever won may yet fail
            },
            [&](const ContractCancelled& cancelled) { on_cancelled(from, cancelled, out); },
        });
  }

  void on_timer(const View& view, TimerKey key, Outbox& out) {
    if (key.name == kBid || key.name == kFree || key.name == kForget) {
      const auto named = numbered_.find(key.id);
      if (named == numbered_.end()) return;
      const AuctionName name = named->second;
      if (key.name == kBid) return bid(view, name.first, parts_.at(name), out);
      if (key.name == kFree) return void(reserved_.erase(name));
      return forget(name);
    }
    const auto job = jobs_.find(key.id);
    if (job == jobs_.end()) return;
    if (key.name == kPatience && !job->second.held) jobs_.erase(job);
    if (key.name == kLease) leave(key.id, "the contract has run out", out);
  }

  // Bidding.

  void consider(const View& view, AgentId auctioneer, std::shared_ptr<const CallForBids> call, Outbox& out) {
    const AuctionName name{auctioneer, call->auction};
    if (parts_.contains(name) || call->deadline <= view.now || !MechanismCatalog::has(call->terms.mechanism)) return;
    const bool promises = !make_by_name<MechanismCatalog>(call->terms.mechanism)->confirms();
    if (promises && used() >= options_.capacity) return decline(auctioneer, call->auction, "no capacity", out);
    Part& part = parts_[name];
    part.number = ++numbers_;
    numbered_.emplace(part.number, name);
    if (promises) reserved_.insert(name);
    part.call = std::move(call);
    out.set_timer({.name = kFree, .id = part.number}, part.call->answer_by - view.now + options_.patience);
    out.set_timer({.name = kForget, .id = part.number}, part.call->valid_until - view.now);
    if (options_.thinking == Duration::zero()) return bid(view, auctioneer, part, out);
    const std::uint64_t word = view.random.next();
    const Duration after(
        static_cast<std::int64_t>(draw_below(word, static_cast<std::uint64_t>(options_.thinking.count()))));
    out.set_timer({.name = kBid, .id = part.number}, after);
  }

  void bid(const View& view, AgentId auctioneer, Part& part, Outbox& out) {
    const CallForBids& call = *part.call;
    for (const AuctionTask& task : call.tasks)
      if (const std::optional<TaskOffer> offer = offer_for(view, auctioneer, call, task, out))
        part.offers.push_back(*offer);
    if (part.offers.empty()) {
      const std::uint64_t auction = call.auction;
      forget({auctioneer, auction});
      return decline(auctioneer, auction, "the reserve is too low", out);
    }
    if (make_by_name<MechanismCatalog>(call.terms.mechanism)->in_rounds()) return;  // prices will be quoted
    Bid bid;
    bid.auctioneer = auctioneer;
    bid.auction = call.auction;
    bid.bidder = view.self;
    bid.offers = part.offers;
    out.send(auctioneer, view.crypto.sign(std::move(bid)));
  }

  std::optional<TaskOffer> offer_for(const View& view, AgentId auctioneer, const CallForBids& call,
                                     const AuctionTask& task, Outbox& out) const {
    const BidderType type{.cost = cost(auctioneer, task.number),
                          .cost_least = millionths(options_.cost_least),
                          .cost_most = millionths(options_.cost_most),
                          .quality = quality(),
                          .rivals = view.peers.count - 1};
    const std::optional<Priced> priced = price(options_.strategy, call.terms, task, type);
    if (!priced) return std::nullopt;
    TaskOffer offer;
    offer.task = task.number;
    offer.price = priced->price;
    offer.quality = priced->quality;
    offer.duration = expected_duration(task);
    offer.performance = static_cast<Millionths>(options_.speed.flops);
    say_placed(auctioneer, call.auction, offer, priced->cost, out);
    return offer;
  }

  /// Tells the observers of the run, and nobody else, what the task costs it.
  static void say_placed(AgentId auctioneer, std::uint64_t auction, const TaskOffer& offer, Millionths cost,
                         Outbox& out) {
    BidPlaced event;
    event.auctioneer = auctioneer;
    event.auction = auction;
    event.task = offer.task;
    event.price = offer.price;
    event.cost = cost;
    event.quality = offer.quality.value_or(0);
    event.performance = offer.performance.value_or(0);
    out.emit(std::move(event));
  }

  /// Bertsekas' bid of one who holds nothing: for the best task, as low as to be indifferent to the second best, and
  /// epsilon lower, but never below its cost.
  void undercut(const View& view, AgentId auctioneer, const PriceQuote& quote, Outbox& out) {
    const auto part = parts_.find({auctioneer, quote.auction});
    if (part == parts_.end() || quote.prices.size() != part->second.call->tasks.size()) return;
    if (std::find(quote.holders.begin(), quote.holders.end(), view.self) != quote.holders.end()) return;
    const CallForBids& call = *part->second.call;
    const std::uint64_t first = call.tasks.front().number;
    TaskOffer* chosen = nullptr;
    Millionths best = -1, second = 0;
    for (TaskOffer& offer : part->second.offers) {
      const Millionths gain = quote.prices[offer.task - first] - cost(auctioneer, offer.task);
      if (gain > best) {
        second = std::max(second, best);
        best = gain;
        chosen = &offer;
      } else {
        second = std::max(second, gain);
      }
    }
    if (!chosen || best < call.terms.epsilon) return;
    chosen->price = quote.prices[chosen->task - first] - std::min(best, best - second + call.terms.epsilon);
    say_placed(auctioneer, call.auction, *chosen, cost(auctioneer, chosen->task), out);
    PriceBid bid;
    bid.auction = quote.auction;
    bid.round = quote.round;
    bid.offer = *chosen;
    out.send(auctioneer, share(std::move(bid)));
  }

  static void decline(AgentId auctioneer, std::uint64_t auction, std::string reason, Outbox& out) {
    BidDeclined declined;
    declined.auction = auction;
    declined.reason = std::move(reason);
    out.send(auctioneer, share(std::move(declined)));
  }

  Millionths cost(AgentId auctioneer, std::uint64_t task) const {
    const std::uint64_t range = options_.cost_most.millionths - options_.cost_least.millionths;
    const Stream draws = types_.child(1).child(index(auctioneer));
    return static_cast<Millionths>(options_.cost_least.millionths + draw_below(draws.at(task), range));
  }
  Millionths quality() const {
    const std::uint64_t range = options_.quality_most.millionths - options_.quality_least.millionths;
    return static_cast<Millionths>(options_.quality_least.millionths + draw_below(types_.child(0).at(0), range));
  }
  Duration expected_duration(const AuctionTask& task) const {
    const Millionths ideal =
        scaled(static_cast<Millionths>(task.operations), 1'000'000'000, static_cast<Millionths>(options_.speed.flops));
    return Duration(scaled(ideal, static_cast<Millionths>(options_.slack.millionths), kOne)) + options_.margin;
  }
  static Millionths millionths(Factor factor) { return static_cast<Millionths>(factor.millionths); }

  /// Auctions in which room is kept, and jobs.
  std::size_t used() const { return jobs_.size() + reserved_.size(); }
  void forget(const AuctionName& name) {
    const auto part = parts_.find(name);
    if (part == parts_.end()) return;
    numbered_.erase(part->second.number);
    reserved_.erase(name);
    parts_.erase(part);
  }

  // Awards.

  void on_award(const View& view, AgentId from, const Award& award, Outbox& out) {
    const auto part = parts_.find({from, award.auction});
    const AuctionTask* task = part == parts_.end() ? nullptr : task_of(part->second, award.task);
    if (job_of(from, award.task)) return;  // the same award once more
    std::string refusal;
    if (!task) {
      refusal = "no such bid";
    } else if (!reserved_.contains(part->first) && used() >= options_.capacity) {
      refusal = "no capacity";
    }
    if (award.acknowledged) {
      AwardAnswer answer;
      answer.auction = award.auction;
      answer.task = award.task;
      answer.attempt = award.attempt;
      answer.accepted = refusal.empty();
      answer.reason = refusal;
      out.send(from, share(std::move(answer)));
    }
    if (!refusal.empty()) return;
    const std::uint64_t number = ++numbers_;
    jobs_[number] = {.auctioneer = from,
                     .auction = award.auction,
                     .attempt = award.attempt,
                     .task = *task,
                     .quality = quality_offered(part->second, award.task)};
    forget({from, award.auction});
    award.acknowledged ? out.set_timer({.name = kPatience, .id = number}, options_.patience)
                       : begin(view, number, award.until, out);
  }

  /// The task among those that it has bid for, or nullptr.
  static const AuctionTask* task_of(const Part& part, std::uint64_t number) {
    const bool offered = std::any_of(part.offers.begin(), part.offers.end(),
                                     [&](const TaskOffer& offer) { return offer.task == number; });
    if (!offered) return nullptr;
    for (const AuctionTask& task : part.call->tasks)
      if (task.number == number) return &task;
    return nullptr;
  }

  static Millionths quality_offered(const Part& part, std::uint64_t task) {
    for (const TaskOffer& offer : part.offers)
      if (offer.task == task) return offer.quality.value_or(0);
    return 0;
  }

  void on_start(const View& view, AgentId from, const ContractStart& start, Outbox& out) {
    const std::optional<std::uint64_t> number = job_of(from, start.task);
    if (!number || jobs_.at(*number).held || jobs_.at(*number).attempt != start.attempt) return;
    out.cancel_timer({.name = kPatience, .id = *number});
    begin(view, *number, start.until, out);
  }

  // Work.

  void begin(const View& view, std::uint64_t number, Time until, Outbox& out) {
    if (until <= view.now) return void(jobs_.erase(number));
    Job& job = jobs_.at(number);
    job.held = true;
    TaskHeld event;
    event.auctioneer = job.auctioneer;
    event.task = job.task.number;
    out.emit(std::move(event));
    out.set_timer({.name = kLease, .id = number}, until - view.now);
    if (job.task.operations == 0) return deliver(number, out);
    out.compute({.name = kExecute, .id = number}, job.task.operations);
  }

  void on_work(const View&, const WorkFinished& work, Outbox& out) {
    const auto job = jobs_.find(work.key.id);
    if (job == jobs_.end()) return;  // the contract is over
    if (work.key.name == kDeliver) return leave(work.key.id, work.completed ? "delivered" : "not delivered", out);
    if (work.completed) return deliver(work.key.id, out);
    out.send(job->second.auctioneer, share(result_of(job->second, false)));
    leave(work.key.id, "the computation failed", out);
  }

  void deliver(std::uint64_t number, Outbox& out) {
    Job& job = jobs_.at(number);
    job.executed = true;
    ContractResult result = result_of(job, true);
    if (job.task.result_bytes > 0) {
      out.transfer({.name = kDeliver, .id = number}, job.auctioneer, job.task.result_bytes, share(std::move(result)));
    } else {
      out.send(job.auctioneer, share(std::move(result)));
      leave(number, "delivered", out);
    }
  }

  static ContractResult result_of(const Job& job, bool completed) {
    ContractResult result;
    result.auction = job.auction;
    result.task = job.task.number;
    result.attempt = job.attempt;
    result.completed = completed;
    result.quality = completed ? job.quality : 0;
    return result;
  }

  void on_cancelled(AgentId from, const ContractCancelled& cancelled, Outbox& out) {
    const std::optional<std::uint64_t> number = job_of(from, cancelled.task);
    if (number && jobs_.at(*number).attempt == cancelled.attempt) leave(*number, "cancelled", out);
  }

  void on_restarted(Outbox& out) {
    parts_.clear();
    reserved_.clear();
    numbered_.clear();
    while (!jobs_.empty()) leave(jobs_.begin()->first, "its host was off", out);
  }

  /// The end of a job for this bidder, held or not.
  void leave(std::uint64_t number, std::string reason, Outbox& out) {
    const auto job = jobs_.find(number);
    if (job->second.held) {
      TaskLeft event;
      event.auctioneer = job->second.auctioneer;
      event.task = job->second.task.number;
      event.executed = job->second.executed;
      event.reason = std::move(reason);
      out.emit(std::move(event));
    }
    out.cancel_timer({.name = kLease, .id = number});
    out.cancel_timer({.name = kPatience, .id = number});
    jobs_.erase(job);
  }

  std::optional<std::uint64_t> job_of(AgentId auctioneer, std::uint64_t task) const {
    for (const auto& [number, job] : jobs_)
      if (job.auctioneer == auctioneer && job.task.number == task) return number;
    return std::nullopt;
  }

  const Options options_;
  const Stream types_;
  std::uint64_t numbers_ = 0;
  std::map<AuctionName, Part> parts_;
  std::set<AuctionName> reserved_;                 ///< of these, where room is kept
  std::map<std::uint64_t, AuctionName> numbered_;  ///< by the numbers of parts
  std::map<std::uint64_t, Job> jobs_;
};

const bool registered = ProtocolCatalog::add<Bidder>({.name = "bidder",
                                                      .family = "auction",
                                                      .summary = "bids for tasks and does what it is awarded",
                                                      .uses_host = true});

}  // namespace
}  // namespace conclave

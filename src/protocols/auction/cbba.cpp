// CBBA, the consensus-based bundle algorithm: Choi, Brunet, How, "Consensus-Based Decentralized Auctions for Robust
// Task Allocation", IEEE Transactions on Robotics 25, 2009. Tasks are auctioned without an auctioneer.
//
//   round:   build the bundle     bid for the tasks that are worth most, where its bid beats the best that it knows of
//            tell the neighbours  the table: winning bid and winner of each task, and how fresh its word of each agent
//            is take in theirs       keep, copy or forget, by a fixed table of cases (bundle_consensus.hpp); who is
//            outbid
//                                 for a task gives it up, and all that it took after it
//
// When what an agent knows has not changed for `quiet` rounds it takes its bundle as agreed, and does the work. On a
// network that loses nothing, after at most N_min * D rounds (N_min tasks that can be taken, D the diameter of the
// graph) no two have the same task, and the bundles are worth at least half of the optimum.
//
// What a task is worth to an agent is its value less what it costs this agent, whatever else it does: the marginal
// worth that the paper asks to be diminishing is constant. "Agreed" is each agent's own guess: on a lossy network two
// can hold one task, or nobody.

#include <algorithm>
#include <optional>

#include "core/auction_events.hpp"
#include "core/catalog.hpp"
#include "core/distribution.hpp"
#include "protocols/auction/bundle_consensus.hpp"

namespace conclave {

/// Who talks to whom.
enum class Neighbours { all, ring };
template <>
struct Choices<Neighbours> {
  static constexpr std::pair<Neighbours, std::string_view> kNames[] = {{Neighbours::all, "all"},
                                                                       {Neighbours::ring, "ring"}};
};

namespace {

class Cbba final : public Protocol {
 public:
  struct Options {
    std::uint32_t tasks = 10;
    std::uint32_t capacity = 2;
    Factor value = Factor::of(100);
    Factor cost_least = Factor::of(10);
    Factor cost_most = Factor::of(90);
    ComputeSpeed operations{0};
    Neighbours neighbours = Neighbours::all;
    Duration round = std::chrono::milliseconds(10);
    std::optional<std::uint32_t> quiet;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("tasks", &Options::tasks, "tasks that everybody knows of", {.least = 1, .most = 10'000})
              .add("capacity", &Options::capacity, "tasks that one agent takes", {.least = 1})
              .add("value", &Options::value, "of a task")
              .add("cost_least", &Options::cost_least, "its cost is drawn for each agent, from here")
              .add("cost_most", &Options::cost_most, "to here")
              .add("operations", &Options::operations, "of a task, computed on its agent's host: `2Gf`")
              .add("neighbours", &Options::neighbours,
                   "who talks to whom: all to all, or each to the next two in a ring")
              .add("round", &Options::round, "time between two tables", {.least = Duration(1)})
              .add("quiet", &Options::quiet,
                   "rounds without news after which an agent takes its bundle as agreed; twice the diameter and two "
                   "more "
                   "if not given");
      return table;
    }
  };

  Cbba(const Options& options, const Deployment& deployment)
      : options_(options),
        group_(deployment.group.agents),
        diameter_(options.neighbours == Neighbours::ring ? std::max(1u, group_.count / 2) : 1),
        quiet_max_(options.quiet.value_or(2 * diameter_ + 2)),
        beliefs_(options.tasks, group_.count) {
    const Stream draws = Stream(deployment.seed, "bundle costs").child(index(deployment.self));
    const std::uint64_t least = options.cost_least.millionths, most = std::max(least, options.cost_most.millionths);
    for (std::uint32_t task = 0; task < options.tasks; task++)
      scores_.push_back(static_cast<Millionths>(options.value.millionths) -
                        static_cast<Millionths>(least + draw_below(draws.at(task), most - least)));
  }

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input, [&](const Start&) { begin(view, out); },
        [&](const Message& message) {
          if (const auto* table = message.body->as<BundleTable>()) on_table(view, message.from, *table);
        },
        [&](const TimerFired&) { next_round(view, out); }, [&](const WorkFinished& work) { on_work(work, out); },
        [&](const Restarted&) { out.set_timer(kRound, options_.round); });
  }

 private:
  static constexpr TimerKey kRound{};

  void begin(const View& view, Outbox& out) {
    BundlesBegun event;
    event.scores = scores_;
    event.capacity = options_.capacity;
    event.diameter = diameter_;
    out.emit(std::move(event));
    next_round(view, out);
  }

  void next_round(const View& view, Outbox& out) {
    if (agreed_) return;
    build(view.self);
    if (beliefs_.bids != last_bids_ || beliefs_.winners != last_winners_) {
      changed_in_ = round_;
      last_bids_ = beliefs_.bids;
      last_winners_ = beliefs_.winners;
    }
    beliefs_.heard[group_.rank(view.self)] = view.now;
    tell(view, out);
    if (round_ - changed_in_ >= quiet_max_) return agree(out);
    round_++;
    out.set_timer(kRound, options_.round);
  }

  void tell(const View& view, Outbox& out) const {
    BundleTable table;
    table.bids = beliefs_.bids;
    table.winners = beliefs_.winners;
    table.heard = beliefs_.heard;
    if (options_.neighbours == Neighbours::all) return out.broadcast(group_, share(std::move(table)));
    if (group_.count < 2) return;
    const std::uint32_t own = group_.rank(view.self);
    std::vector<AgentId> two{group_[(own + 1) % group_.count], group_[(own + group_.count - 1) % group_.count]};
    std::sort(two.begin(), two.end());
    two.erase(std::unique(two.begin(), two.end()), two.end());
    out.multicast(std::move(two), share(std::move(table)));
  }

  /// Phase 1: the most valuable tasks first, as long as its bid is the best that it knows of.
  void build(AgentId self) {
    while (bundle_.size() < options_.capacity) {
      std::optional<std::size_t> best;
      for (std::size_t task = 0; task < scores_.size(); task++) {
        if (beliefs_.winners[task] == self || scores_[task] <= 0) continue;
        if (!outbids(scores_[task], self, beliefs_.bids[task], beliefs_.winners[task])) continue;
        if (!best || scores_[task] > scores_[*best]) best = task;
      }
      if (!best) return;
      bundle_.push_back(*best);
      beliefs_.bids[*best] = scores_[*best];
      beliefs_.winners[*best] = self;
    }
  }

  /// Phase 2.
  void on_table(const View& view, AgentId from, const BundleTable& table) {
    if (agreed_ || !group_.contains(from) || from == view.self || table.bids.size() != scores_.size() ||
        table.winners.size() != scores_.size() || table.heard.size() != group_.count)
      return;
    take_in(beliefs_, view.self, group_, from, table, view.now);
    give_up_lost(view.self);
  }

  /// From the first task of the bundle that is lost, for the worth of those after it may have hung on it.
  void give_up_lost(AgentId self) {
    const auto lost =
        std::find_if(bundle_.begin(), bundle_.end(), [&](std::size_t task) { return beliefs_.winners[task] != self; });
    for (auto after = lost; after != bundle_.end(); ++after)
      if (beliefs_.winners[*after] == self) beliefs_.clear(*after);
    bundle_.erase(lost, bundle_.end());
  }

  // The work.

  void agree(Outbox& out) {
    agreed_ = true;
    BundleAgreed event;
    event.rounds = changed_in_ - 1;  // news of a round is seen at the beginning of the next
    for (const std::size_t task : bundle_) event.tasks.push_back(task + 1);
    out.emit(std::move(event));
    for (const std::size_t task : bundle_) {
      TaskHeld held;
      held.task = task + 1;
      out.emit(std::move(held));
    }
    work_on(0, out);
  }

  void work_on(std::size_t place, Outbox& out) {
    for (; place < bundle_.size(); place++) {
      if (options_.operations.flops > 0) return out.compute({.id = place}, options_.operations.flops);
      leave(place, true, out);
    }
  }
  void on_work(const WorkFinished& work, Outbox& out) {
    leave(work.key.id, work.completed, out);
    work_on(work.key.id + 1, out);
  }
  void leave(std::size_t place, bool executed, Outbox& out) const {
    TaskLeft left;
    left.task = bundle_[place] + 1;
    left.executed = executed;
    left.reason = executed ? "done" : "the computation failed";
    out.emit(std::move(left));
  }

  const Options options_;
  const AgentRange group_;
  const std::uint32_t diameter_;
  const std::uint32_t quiet_max_;
  std::vector<Millionths> scores_;
  BundleBeliefs beliefs_;
  std::vector<std::size_t> bundle_;
  std::vector<Millionths> last_bids_;
  std::vector<AgentId> last_winners_;
  std::uint64_t round_ = 1;
  std::uint64_t changed_in_ = 0;
  bool agreed_ = false;
};

const bool registered = ProtocolCatalog::add<Cbba>({.name = "cbba",
                                                    .family = "auction",
                                                    .summary = "agents share out tasks without an auctioneer",
                                                    .uses_host = true});

}  // namespace
}  // namespace conclave

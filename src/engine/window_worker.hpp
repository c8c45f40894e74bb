// One worker of the windowed executor: a contiguous part of the agents, run one after the other within a window.
#pragma once

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "engine/agenda.hpp"
#include "engine/arrivals.hpp"
#include "engine/mechanics.hpp"
#include "engine/wire.hpp"

namespace conclave {

/// Runs a contiguous part of the agents. All that it writes to is its own or its agents'.
class WindowWorker : public Mechanics<WindowWorker> {
 public:
  /// A message to one agent, and the entry that announces its arrival.
  struct Single {
    QueueEntry arrival;
    SingleMessage message;
  };

  WindowWorker(WindowState& state, AgentRange agents, EventStream& stream, std::size_t workers)
      : Mechanics(state.simulation, stream, metrics),
        state_(state),
        agents_(agents),
        left_(agents.count),
        begins_(-state.lookahead),
        arrivals_(state) {
    outgoing.resize(workers);
  }

  void prepare_all() {
    for (const AgentId id : agents_) prepare(agent(id));
  }

  /// The next window in which one of its agents has something of its own to do.
  std::optional<std::int64_t> next_due() const { return agenda_.first(); }

  void run(std::int64_t window, Time begins, Time ends) {
    begins_ = begins;
    ends_ = ends;
    agenda_.turn(window, page_);
    order_by_agent(page_.entries, agents_, order_, scratch_order_);
    arrivals_.open(begins, ends, agents_);
    run_agents();
  }

  /// Takes what another worker's agents have sent to its own.
  void accept(std::vector<Single>& singles) {
    for (Single& single : singles) fly(single.arrival, std::move(single.message));
    singles.clear();
  }

  /// What broadcasts have brought to its agents' links so far is through by then.
  Time links_busy_until() const { return links_busy_until_; }

  Metrics metrics;
  std::vector<Broadcast> launched;            ///< by its agents in this window
  std::vector<std::vector<Single>> outgoing;  ///< by the worker that has the receiver

 private:
  friend class Mechanics<WindowWorker>;

  /// A broadcast that the receiver's link is busy with, or will be.
  struct Crossing {
    Time finished;  ///< when its last bit is through; ascending
    std::uint32_t broadcast;
  };
  /// What an agent's link had not let through when a window ended.
  struct Left {
    std::vector<Crossing> crossing;
    Time due = kNever;  ///< the agenda says so at this time
  };

  /// All that broadcasts may reach and all that have something of their own to do, in ascending order.
  void run_agents() {
    const AgentRange reached = arrivals_.reached();
    std::uint32_t reach = index(reached.first);
    const std::uint32_t reached_end = reach + reached.count;
    std::size_t at = 0;
    while (at < order_.size() || reach < reached_end) {
      std::uint32_t next = reach < reached_end ? reach : ~std::uint32_t{0};
      if (at < order_.size()) next = std::min(next, agent_at(at));
      for (; at < order_.size() && agent_at(at) == next; at++) {
        fetch_ahead(at);
        own_.push(entry_at(at));
      }
      if (next == reach) reach++;
      run_agent(agent(AgentId{next}));
    }
  }

  std::uint32_t agent_at(std::size_t at) const {
    return index(agents_.first) + static_cast<std::uint32_t>(order_[at] >> 32);
  }
  const QueueEntry& entry_at(std::size_t at) const { return page_.entries[static_cast<std::uint32_t>(order_[at])]; }

  /// What the agents after this one will need: they are many, and it lies wherever it was made. First the agent and the
  /// entry are fetched, and when they are there what they point to.
  [[gnu::always_inline]] void fetch_ahead(std::size_t at) const {  // GCC 12 drops a call that only prefetches
    constexpr std::size_t kAhead = 8;
    constexpr std::ptrdiff_t kCacheLine = 64;
    if (at + 2 * kAhead < order_.size()) {
      __builtin_prefetch(&entry_at(at + 2 * kAhead));
      const auto* later = reinterpret_cast<const char*>(&simulation_.agents[agent_at(at + 2 * kAhead)]);
      for (std::size_t line = 0; line < sizeof(Agent); line += kCacheLine) __builtin_prefetch(later + line);
    }
    if (at + kAhead >= order_.size()) return;
    const Agent& soon = simulation_.agents[agent_at(at + kAhead)];
    __builtin_prefetch(soon.protocol.get());
    const QueueEntry& entry = entry_at(at + kAhead);
    if (entry.what == Occurrence::arrival) __builtin_prefetch(&page_.messages[entry.slot]);
    if (entry.what == Occurrence::timer) soon.timers.fetch_ahead(timer_of(entry));
  }

  // One agent, one window. What happens next is an arrival, something of its own, or what its link lets through.

  void run_agent(Agent& self) {
    running_ = self.id;
    Left& left = left_[index(self.id) - index(agents_.first)];
    crossing_.clear();
    crossed_ = 0;
    if (!left.crossing.empty()) crossing_ = left.crossing;
    arrivals_.find(self);
    std::size_t next = 0;
    for (;;) {
      const Time arrives = next < arrivals_.size() ? arrivals_.time(next) : kNever;
      const Time own = own_.empty() ? kNever : own_.top().time;
      const Time crossed = crossed_ < crossing_.size() && self.link.empty() ? crossing_[crossed_].finished : kNever;
      if (std::min({arrives, own, crossed}) >= ends_) break;
      if (arrives <= crossed && (arrives < own || (arrives == own && arrival_first(self, next)))) {
        arrivals_.fetch_ahead(next);
        land(self, next++);
      } else if (crossed < own || (crossed == own && own_.top().what > Occurrence::ready)) {
        now_ = crossed;
        come_through(self, crossing_[crossed_++].broadcast);
      } else {
        const QueueEntry entry = own_.top();
        own_.pop();
        now_ = entry.time;
        entry.what == Occurrence::arrival ? land_single(self, entry) : handle(entry);
      }
    }
    leave(self, left);
    own_.clear();  // a window that is cut short by the end of the run can leave something in it: that is for never
    running_ = kNobody;
  }

  /// Of a broadcast and something of the agent's own at the same time.
  bool arrival_first(const Agent& self, std::size_t next) const {
    const Broadcast& broadcast = arrivals_.broadcast(next);
    return QueueEntry{.time = arrivals_.time(next),
                      .agent = self.id,
                      .what = Occurrence::arrival,
                      .source = index(broadcast.from),
                      .number = broadcast.number}
        .before(own_.top());
  }

  void land(Agent& to, std::size_t i) {
    now_ = arrivals_.time(i);
    const Broadcast& broadcast = arrivals_.broadcast(i);
    std::optional<DropReason> lost = arrivals_.lost(i);
    const bool outages = simulation_.outages.any();
    if (outages) {
      if (const auto on_the_way = lost_on_the_way(broadcast, to)) lost = on_the_way;
    }
    if (outages || lost) {
      return receive(to, {.from = broadcast.from,
                          .number = broadcast.number,
                          .bytes = broadcast.bytes,
                          .departed = broadcast.departed,
                          .body = broadcast.body,
                          .local = false,
                          .lost = lost});
    }
    // Most come through the link before the window ends: until then it is enough to know which they are.
    const Time finished = pass_downlink(to, broadcast.bytes);
    if (finished == now_) return arrive(to, carried(broadcast));
    crossing_.push_back({finished, arrivals_.slot(i)});
  }

  void come_through(Agent& to, std::uint32_t slot) { arrive(to, carried(state_.broadcasts[slot])); }

  using Mechanics::carried;
  static Carried carried(const Broadcast& broadcast) {
    return {broadcast.from, broadcast.number, 0, broadcast.departed, broadcast.body};
  }

  /// Keeps what has not come through for the windows to come.
  void leave(const Agent& self, Left& left) {
    if (crossing_.empty()) return;
    left.crossing.assign(crossing_.begin() + static_cast<std::ptrdiff_t>(crossed_), crossing_.end());
    if (left.crossing.empty()) return;
    links_busy_until_ = std::max(links_busy_until_, left.crossing.back().finished);
    const Time due = left.crossing.front().finished;
    if (!self.link.empty() || left.due == due) return;  // the agent's own link says when to go on
    left.due = due;
    schedule({.time = due, .agent = self.id, .what = Occurrence::ready});
  }

  /// What has not come through joins what the link is busy with: a message that is no broadcast is to follow.
  void put_on_link(Agent& to) {
    const bool idle = to.link.empty();
    for (; crossed_ < crossing_.size(); crossed_++) {
      const Crossing& next = crossing_[crossed_];
      const Broadcast& broadcast = state_.broadcasts[next.broadcast];
      to.link.push({next.finished, broadcast.departed, broadcast.number, broadcast.from, 0, broadcast.body});
    }
    if (idle) schedule_link(to);
  }

  std::optional<DropReason> lost_on_the_way(const Broadcast& broadcast, const Agent& to) {
    const Agent& from = agent(broadcast.from);
    const Duration turn = serialisation(simulation_, from, broadcast.bytes, broadcast.first_leaves);
    const Time leaves = broadcast.first_leaves + arrivals_.turns_before(broadcast, to) * turn;
    Duration held_back{};
    if (simulation_.link_faults.any()) {
      held_back = simulation_.link_faults
                      .judge(*broadcast.body->type,
                             {from.id, to.id, Envelope::identify(from.id, broadcast.number), broadcast.departed})
                      .delay;
    }
    return loss(simulation_, from, to, {broadcast.departed, leaves, leaves + turn, now_ - held_back});
  }

  void land_single(Agent& to, const QueueEntry& entry) {
    const SingleMessage message = std::move(page_.messages[entry.slot]);
    if (crossed_ < crossing_.size()) put_on_link(to);
    receive(to, {.from = AgentId{entry.source},
                 .number = entry.number,
                 .bytes = message.bytes,
                 .departed = message.departed,
                 .body = message.body,
                 .local = message.local,
                 .lost = message.lost,
                 .copy = entry.copy});
  }

  // What Mechanics asks for.

  void schedule(const QueueEntry& entry) {
    happens_now(entry) ? own_.push(entry) : agenda_.add(window_to_come(entry.time), entry);
  }

  void fly(const QueueEntry& arrival, SingleMessage&& message) {
    if (!happens_now(arrival)) return agenda_.add(window_to_come(arrival.time), arrival, std::move(message));
    own_.push(agenda_.add(page_, arrival, std::move(message)));  // to itself, and sooner than to anyone else
  }

  /// In this window, at the agent that runs.
  bool happens_now(const QueueEntry& entry) const { return entry.agent == running_ && entry.time < ends_; }

  /// Which window after this one a time belongs to. A window that is cut short leaves what it cuts off to the next.
  std::int64_t window_to_come(Time time) const {
    const Duration beyond = time - (begins_ + state_.lookahead);
    if (beyond < state_.lookahead) return agenda_.next();
    if (beyond < 2 * state_.lookahead) return agenda_.next() + 1;
    return state_.window_of(time);
  }

  void launch(Agent& from, const Departure& departure) {
    if (departure.to.is_one() || departure.to.as_list()) return launch_singles(from, departure);
    // Copies that take longer than any run would overflow a lane's arithmetic: each for itself they saturate.
    const Duration turn = serialisation(simulation_, from, departure.bytes, std::max(departure.done, from.uplink_free));
    const bool bearable = turn < kLongestDuration / static_cast<std::int64_t>(simulation_.agents.size()) &&
                          nanoseconds(from.uplink_free) < nanoseconds(kFarFuture) / 2;
    bearable ? launch_broadcast(from, departure, turn) : launch_singles(from, departure);
  }

  void launch_broadcast(Agent& from, const Departure& departure, Duration turn) {
    const AgentRange to = departure.to.as_range();
    const Time first_leaves = std::max(departure.done, from.uplink_free);
    if (simulation_.link_faults.surprising()) launch_surprises(from, departure);
    std::int64_t copies = departure.to.count(from.id);
    if (!state_.host_agents.empty()) copies -= send_to_mates(from, departure, to);
    from.uplink_free = first_leaves + copies * turn;
    launched.push_back({.from = from.id,
                        .to = to,
                        .number = departure.number,
                        .bytes = departure.bytes,
                        .departed = departure.done,
                        .first_leaves = first_leaves,
                        .body = departure.body});
  }

  /// Copies for agents of the same host go over the loopback, each for itself.
  std::int64_t send_to_mates(const Agent& from, const Departure& departure, const AgentRange& to) {
    if (state_.host_agents[from.host] < 2) return 0;
    std::int64_t mates = 0;
    Wire wire(simulation_, from, departure);
    for (const AgentId id : to) {
      if (id == from.id || simulation_.destinations[index(id)].host != from.host) continue;
      mates++;
      const Wire::Copy first = wire.next(id);
      dispatch(from, departure, id, first);
      dispatch_further_copies(from, departure, id, first);
    }
    return mates;
  }

  /// Copies of a broadcast that link rules delay beyond the usual, and those that they add: what Arrivals cannot find.
  void launch_surprises(const Agent& from, const Departure& departure) {
    const Duration usual = simulation_.link_faults.usual_delay();
    Wire wire(simulation_, from, departure);
    departure.to.each(from.id, [&](AgentId id, std::uint32_t) {
      const Wire::Copy first = wire.next(id);
      if (simulation_.destinations[index(id)].host == from.host) return;
      if (first.fate.delay > usual) dispatch(from, departure, id, first);
      dispatch_further_copies(from, departure, id, first);
    });
  }

  void launch_singles(Agent& from, const Departure& departure) {
    Wire wire(simulation_, from, departure);
    departure.to.each(from.id, [&](AgentId id, std::uint32_t) {
      const Wire::Copy first = wire.next(id);
      dispatch(from, departure, id, first);
      dispatch_further_copies(from, departure, id, first);
    });
    from.uplink_free = wire.free_at();
  }

  void dispatch_further_copies(const Agent& from, const Departure& departure, AgentId to, const Wire::Copy& first) {
    each_further_copy(first, [&](std::uint32_t copy, Time tail) {
      metrics.messages_duplicated++;
      dispatch(from, departure, to, {tail, std::nullopt, {}}, copy);
    });
  }

  /// Sends one copy on its way, by itself.
  void dispatch(const Agent& from, const Departure& departure, AgentId to, const Wire::Copy& way,
                std::uint32_t copy = 0) {
    const QueueEntry arrival{.time = way.tail,
                             .agent = to,
                             .what = Occurrence::arrival,
                             .copy = static_cast<std::uint8_t>(copy),
                             .source = index(from.id),
                             .number = departure.number};
    SingleMessage message{departure.bytes, departure.done, departure.body,
                          simulation_.destinations[index(to)].host == from.host, way.lost};
    if (agents_.contains(to)) return fly(arrival, std::move(message));
    const std::size_t share = (simulation_.agents.size() + outgoing.size() - 1) / outgoing.size();
    outgoing[index(to) / share].push_back({arrival, std::move(message)});
  }

  [[noreturn]] void begin_errand(Time, Errand&&) {
    throw std::logic_error(
        "a protocol that is not declared to use its host wants SimGrid: run it with `executor: exact`");
  }

  WindowState& state_;
  const AgentRange agents_;
  Agenda agenda_;
  std::vector<Left> left_;  ///< by rank in agents_
  Time links_busy_until_;

  // The window, and at first the one before all others.
  Time begins_;
  Time ends_;
  Page page_;                         ///< what its agents have to do of their own
  std::vector<std::uint64_t> order_;  ///< of the page, by agent
  std::vector<std::uint64_t> scratch_order_;
  Arrivals arrivals_;

  // The agent that runs.
  AgentId running_ = kNobody;
  EventQueue own_;                  ///< what it has still to do of its own in the window
  std::vector<Crossing> crossing_;  ///< behind what its link was busy with when the window began
  std::size_t crossed_ = 0;         ///< of them
};

}  // namespace conclave

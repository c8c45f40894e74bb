// One worker of the windowed executor: a contiguous part of the agents, run one after the other within a window.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "engine/lane.hpp"
#include "engine/mechanics.hpp"
#include "engine/wire.hpp"

namespace conclave {

/// What all workers read within a window, and nobody writes.
struct WindowState {
  Simulation& simulation;
  Duration lookahead;  ///< length of a window: the smallest latency
  std::vector<Lane> lanes{};
  Pool<Broadcast> broadcasts{};
  std::vector<std::uint32_t> host_agents{};  ///< how many agents each host has; empty when none has more than one
  std::int64_t mates_max = 1;                ///< most agents on one host

  /// The window's number at an instant.
  std::int64_t window_of(Time time) const { return nanoseconds(time) / lookahead.count(); }
};

inline constexpr std::int64_t kNoWindow = -1;

// An arrival of a broadcast in a window is a key of 64 bits: the offset in the window, why it is lost (0 if it is not,
// else its DropReason and 1), and the slot of the broadcast.
inline constexpr int kSlotBits = 29;
inline constexpr std::uint32_t kSlotMask = (1u << kSlotBits) - 1;

/// Runs a contiguous part of the agents. All that it writes to is its own or its agents'.
class WindowWorker : public Mechanics<WindowWorker> {
 public:
  WindowWorker(WindowState& state, AgentRange agents, EventStream& stream, std::size_t workers)
      : Mechanics(state.simulation, stream, metrics),
        state_(state),
        agents_(agents),
        local_(agents.count),
        registered_(agents.count, kNoWindow) {
    outgoing.resize(workers);
  }

  /// A message to one agent.
  struct Single {
    AgentId to{};
    AgentId from{};
    std::uint64_t number = 0;
    std::uint64_t bytes = 0;
    Time departed;
    Time tail;
    std::uint32_t copy = 0;
    std::optional<DropReason> lost{};
    RecordPtr body;
  };

  void prepare_all() {
    for (const AgentId id : agents_) prepare(agent(id));
  }

  /// The next window in which one of its agents has something of its own to do.
  std::optional<std::int64_t> next_due() const {
    return due_.empty() ? std::nullopt : std::optional(due_.begin()->first);
  }

  void run(std::int64_t window, Time begins, Time ends) {
    begins_ = begins;
    ends_ = ends;
    std::vector<std::uint32_t> due;
    if (const auto found = due_.find(window); found != due_.end()) {
      due = std::move(found->second);
      due_.erase(found);
    }
    choose_lanes();
    if (!audiences_.empty()) run_audiences();
    for (const std::uint32_t index : due) {
      if (registered_[index] == window) run_agent(agents_[index]);
    }
  }

  /// Takes what another worker's agents have sent to its own.
  void accept(std::vector<Single>& singles) {
    for (Single& single : singles) fly(std::move(single));
    singles.clear();
  }

  Metrics metrics;
  std::vector<Broadcast> launched;            ///< by its agents in this window
  std::vector<std::vector<Single>> outgoing;  ///< by the worker that has the receiver

 private:
  friend class Mechanics<WindowWorker>;

  /// The lanes that have something for this window, to one range of receivers.
  struct Audience {
    AgentRange to;
    std::vector<const Lane*> lanes;
    /// By host: agents of the range before the one at hand. Copies for agents of the sender's own host take no turn on
    /// its link. Empty when no host has more than one agent.
    std::vector<std::uint32_t> before;
  };

  void choose_lanes() {
    audiences_.clear();
    for (const Lane& lane : state_.lanes) {
      if (lane.entries.empty() || Time(Duration(lane.entries.front().head) + lane.soonest) >= ends_) continue;
      auto audience = std::find_if(audiences_.begin(), audiences_.end(),
                                   [&](const Audience& known) { return known.to == lane.to; });
      if (audience == audiences_.end()) audience = audiences_.insert(audience, Audience{lane.to, {}, {}});
      audience->lanes.push_back(&lane);
    }
  }

  void run_audiences() {
    std::uint32_t first = index(agents_.first) + agents_.count;
    std::uint32_t last = index(agents_.first);
    for (const Audience& audience : audiences_) {
      first = std::min(first, std::max(index(audience.to.first), index(agents_.first)));
      last =
          std::max(last, std::min(index(audience.to.first) + audience.to.count, index(agents_.first) + agents_.count));
    }
    for (Audience& audience : audiences_) count_before(audience, first);
    for (std::uint32_t i = first; i < last; i++) {
      run_agent(AgentId{i});
      for (Audience& audience : audiences_)
        if (!audience.before.empty() && audience.to.contains(AgentId{i})) audience.before[simulation_.agents[i].host]++;
    }
  }

  void count_before(Audience& audience, std::uint32_t first) {
    if (state_.host_agents.empty()) return;
    audience.before.assign(state_.host_agents.size(), 0);
    for (std::uint32_t i = index(audience.to.first); i < first; i++) audience.before[simulation_.agents[i].host]++;
  }

  // One agent, one window.

  void run_agent(AgentId id) {
    current_ = index(id) - index(agents_.first);
    arrivals_.clear();
    for (const Audience& audience : audiences_) {
      if (!audience.to.contains(id)) continue;
      for (const Lane* lane : audience.lanes) gather(*lane, audience.before, agent(id));
    }
    order_arrivals();
    EventQueue& local = local_[current_];
    std::size_t next = 0;
    for (;;) {
      const bool own = !local.empty() && local.top().time < ends_;
      const bool arrives = next < arrivals_.size();
      if (!own && !arrives) break;
      if (arrives && (!own || comes_first(id, arrivals_[next], local.top()))) {
        fetch_ahead(next);
        land(agent(id), arrivals_[next++]);
      } else {
        const QueueEntry entry = local.top();
        local.pop();
        now_ = entry.time;
        entry.what == Occurrence::arrival ? land_single(entry) : handle(entry);
      }
    }
    registered_[current_] = kNoWindow;
    // A window that is cut short at the end of the run can leave something in it: that is for never.
    if (!local.empty()) enlist(current_, std::max(local.top().time, begins_ + state_.lookahead));
    current_ = kNobodyRuns;
  }

  /// Arrivals come in the order of time, which is none in memory: with thousands in flight each would be waited for.
  /// First the broadcast is fetched, and when it is there the body that it points to.
  [[gnu::always_inline]] void fetch_ahead(std::size_t next) const {  // GCC 12 drops a call that only prefetches
    constexpr std::size_t kAhead = 8;
    constexpr std::ptrdiff_t kCacheLine = 64;
    if (next + 2 * kAhead < arrivals_.size()) __builtin_prefetch(&broadcast_of(arrivals_[next + 2 * kAhead]));
    if (next + kAhead >= arrivals_.size()) return;
    const auto* body = reinterpret_cast<const char*>(broadcast_of(arrivals_[next + kAhead]).body.get());
    __builtin_prefetch(body);
    __builtin_prefetch(body + kCacheLine);
  }

  Time arrival_time(std::uint64_t key) const { return begins_ + Duration(static_cast<std::int64_t>(key >> 32)); }

  const Broadcast& broadcast_of(std::uint64_t key) const { return state_.broadcasts[key & kSlotMask]; }

  bool comes_first(AgentId id, std::uint64_t key, const QueueEntry& other) {
    const Time time = arrival_time(key);
    if (time != other.time) return time < other.time;
    const Broadcast& broadcast = broadcast_of(key);
    const QueueEntry entry{.time = time,
                           .agent = id,
                           .what = Occurrence::arrival,
                           .source = index(broadcast.from),
                           .number = broadcast.number};
    return entry.before(other);
  }

  /// Appends a key (offset in the window, slot of the broadcast) for each broadcast of the lane that reaches `to` in
  /// the window.
  void gather(const Lane& lane, const std::vector<std::uint32_t>& before, const Agent& to) {
    const RouteTable& routes = simulation_.routes;
    const std::uint32_t zone = routes.zone[to.host];
    const Access& access = routes.access[to.host];
    const Duration slowest_end = std::max(lane.serialisation, access.down.of(lane.bytes));
    after_head_.resize(routes.zones);
    Duration least = Duration::max(), most = Duration::zero();
    for (std::uint32_t from = 0; from < routes.zones; from++) {
      const RouteTable::Core& core = routes.core[from * routes.zones + zone];
      const Duration after = core.latency + access.down_latency + std::max(slowest_end, core.rate.of(lane.bytes));
      after_head_[from] = after.count();
      least = std::min(least, after);
      most = std::max(most, after);
    }
    const std::int64_t rank = lane.to.rank(to.id);
    const std::int64_t turn = lane.serialisation.count();
    const std::int64_t begins = nanoseconds(begins_);
    const LinkFaults& faults = simulation_.link_faults;
    const std::int64_t delay_most = faults.usual_delay().count();
    const std::int64_t first_head = begins - rank * turn - most.count() - delay_most;
    const std::int64_t last_head =
        nanoseconds(ends_) - least.count() - std::max<std::int64_t>(0, rank - state_.mates_max) * turn;
    auto entry = std::lower_bound(lane.entries.begin(), lane.entries.end(), first_head,
                                  [](const Lane::Entry& a, std::int64_t head) { return a.head < head; });
    const std::int64_t length = (ends_ - begins_).count();
    const bool one_zone = routes.zones == 1;
    for (; entry != lane.entries.end() && entry->head < last_head; ++entry) {
      if (entry->from == index(to.id)) continue;
      const std::uint32_t host = entry->host;
      std::int64_t skipped = 0;
      if (before.empty()) {
        skipped = entry->from < index(to.id) && entry->from >= index(lane.to.first);
      } else {
        if (host == to.host) continue;  // it came over the loopback
        skipped = before[host];
      }
      const std::int64_t after = after_head_[one_zone ? 0 : routes.zone[host]];
      const std::int64_t offset = entry->head + (rank - skipped) * turn + after - begins;
      if (faults.any()) {
        if (offset < length && offset >= -delay_most) suspect(*lane.kind, *entry, to.id, offset, length);
      } else if (static_cast<std::uint64_t>(offset) < static_cast<std::uint64_t>(length)) {
        arrivals_.push_back(static_cast<std::uint64_t>(offset) << 32 | entry->broadcast);
      }
    }
    judge_suspects(*lane.kind, length);
  }

  // Where link rules are about: broadcasts that might arrive in the window are judged many at a time.

  void suspect(const RecordType& kind, const Lane::Entry& entry, AgentId to, std::int64_t offset, std::int64_t length) {
    const AgentId from{entry.from};
    suspects_.push_back({from, to, Envelope::identify(from, entry.number), entry.departed});
    undelayed_.push_back({offset, entry.broadcast});
    if (suspects_.size() == LinkFaults::kBatch) judge_suspects(kind, length);
  }

  void judge_suspects(const RecordType& kind, std::int64_t length) {
    if (suspects_.empty()) return;
    const LinkFaults& faults = simulation_.link_faults;
    std::array<Fate, LinkFaults::kBatch> fates{};
    faults.judge(kind, suspects_, {fates.data(), suspects_.size()});
    for (std::size_t i = 0; i < suspects_.size(); i++) {
      const Fate& fate = fates[i];
      const auto offset = static_cast<std::uint64_t>(undelayed_[i].offset + fate.delay.count());
      if (offset >= static_cast<std::uint64_t>(length) || fate.delay > faults.usual_delay()) continue;
      const std::uint64_t lost = fate.lost ? static_cast<std::uint64_t>(*fate.lost) + 1 : 0;
      arrivals_.push_back(offset << 32 | lost << kSlotBits | undelayed_[i].broadcast);
    }
    suspects_.clear();
    undelayed_.clear();
  }

  /// By time, and where times are equal by sender and number.
  void order_arrivals() {
    if (arrivals_.size() < 2) return;
    sort_by_offset(arrivals_, static_cast<std::uint64_t>((ends_ - begins_).count()), scratch_keys_, slots_);
    for (std::size_t i = 1; i < arrivals_.size(); i++) {
      if (arrivals_[i] >> 32 != arrivals_[i - 1] >> 32) continue;
      std::size_t last = i + 1;
      while (last < arrivals_.size() && arrivals_[last] >> 32 == arrivals_[i] >> 32) last++;
      std::sort(arrivals_.begin() + static_cast<std::ptrdiff_t>(i) - 1,
                arrivals_.begin() + static_cast<std::ptrdiff_t>(last), [&](std::uint64_t a, std::uint64_t b) {
                  const Broadcast& first = broadcast_of(a);
                  const Broadcast& second = broadcast_of(b);
                  return std::pair(first.from, first.number) < std::pair(second.from, second.number);
                });
      i = last;
    }
  }

  void land(Agent& to, std::uint64_t key) {
    now_ = arrival_time(key);
    const Broadcast& broadcast = broadcast_of(key);
    const auto reason = static_cast<std::uint32_t>(key) >> kSlotBits;
    std::optional<DropReason> lost;
    if (reason != 0) lost = static_cast<DropReason>(reason - 1);
    if (simulation_.outages.any()) {
      if (const auto on_the_way = lost_on_the_way(broadcast, to)) lost = on_the_way;
    }
    receive(to, {.from = broadcast.from,
                 .number = broadcast.number,
                 .bytes = broadcast.bytes,
                 .departed = broadcast.departed,
                 .body = broadcast.body,
                 .local = false,
                 .lost = lost});
  }

  std::optional<DropReason> lost_on_the_way(const Broadcast& broadcast, const Agent& to) {
    const Agent& from = agent(broadcast.from);
    std::int64_t turns = broadcast.to.rank(to.id) - (broadcast.to.contains(from.id) && from.id < to.id);
    for (const Audience& audience : audiences_)
      if (audience.to == broadcast.to && !audience.before.empty())
        turns = broadcast.to.rank(to.id) - audience.before[from.host];
    const Duration turn = serialisation(simulation_, from, broadcast.bytes, broadcast.first_leaves);
    const Time leaves = broadcast.first_leaves + turns * turn;
    Duration held_back{};
    if (simulation_.link_faults.any()) {
      held_back = simulation_.link_faults
                      .judge(*broadcast.body->type,
                             {from.id, to.id, Envelope::identify(from.id, broadcast.number), broadcast.departed})
                      .delay;
    }
    return loss(simulation_, from, to, {broadcast.departed, leaves, leaves + turn, now_ - held_back});
  }

  void land_single(const QueueEntry& entry) {
    const Single single = std::move(singles_[entry.slot]);
    singles_.give_back(entry.slot);
    Agent& to = agent(entry.agent);
    receive(to, {.from = single.from,
                 .number = single.number,
                 .bytes = single.bytes,
                 .departed = single.departed,
                 .body = single.body,
                 .local = to.host == agent(single.from).host,
                 .lost = single.lost,
                 .copy = single.copy});
  }

  // What Mechanics asks for.

  void schedule(const QueueEntry& entry) {
    const std::uint32_t index_here = index(entry.agent) - index(agents_.first);
    local_[index_here].push(entry);
    if (index_here != current_) enlist(index_here, entry.time);
  }

  /// Notes that an agent has something to do at `time`.
  void enlist(std::uint32_t index_here, Time time) {
    const std::int64_t window = state_.window_of(time);
    std::int64_t& registered = registered_[index_here];
    if (registered != kNoWindow && registered <= window) return;
    registered = window;
    due_[window].push_back(index_here);
  }

  void launch(Agent& from, const Departure& departure) {
    // Copies that take longer than any run would overflow a lane's arithmetic: each for itself they saturate.
    const Duration turn = serialisation(simulation_, from, departure.bytes, std::max(departure.done, from.uplink_free));
    const bool bearable = turn < kLongestDuration / static_cast<std::int64_t>(simulation_.agents.size()) &&
                          nanoseconds(from.uplink_free) < nanoseconds(kFarFuture) / 2;
    const bool broadcast = bearable && !departure.to.is_one() && !departure.to.as_list();
    broadcast ? launch_broadcast(from, departure, turn) : launch_singles(from, departure);
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
      if (id == from.id || agent(id).host != from.host) continue;
      mates++;
      const Wire::Copy first = wire.next(agent(id));
      dispatch_single(single(from, departure, id, first.tail, 0, first.lost));
      dispatch_further_copies(from, departure, id, first);
    }
    return mates;
  }

  /// Copies of a broadcast that link rules delay beyond the usual, and those that they add: what gather() cannot find.
  void launch_surprises(const Agent& from, const Departure& departure) {
    const Duration usual = simulation_.link_faults.usual_delay();
    Wire wire(simulation_, from, departure);
    departure.to.each(from.id, [&](AgentId id, std::uint32_t) {
      const Wire::Copy first = wire.next(agent(id));
      if (agent(id).host == from.host) return;
      if (first.fate.delay > usual) dispatch_single(single(from, departure, id, first.tail, 0, first.lost));
      dispatch_further_copies(from, departure, id, first);
    });
  }

  void dispatch_further_copies(const Agent& from, const Departure& departure, AgentId to, const Wire::Copy& first) {
    each_further_copy(first, [&](std::uint32_t copy, Time tail) {
      metrics.messages_duplicated++;
      dispatch_single(single(from, departure, to, tail, copy, std::nullopt));
    });
  }

  void launch_singles(Agent& from, const Departure& departure) {
    Wire wire(simulation_, from, departure);
    departure.to.each(from.id, [&](AgentId id, std::uint32_t) {
      const Wire::Copy first = wire.next(agent(id));
      dispatch_single(single(from, departure, id, first.tail, 0, first.lost));
      dispatch_further_copies(from, departure, id, first);
    });
    from.uplink_free = wire.free_at();
  }

  static Single single(const Agent& from, const Departure& departure, AgentId to, Time tail, std::uint32_t copy,
                       std::optional<DropReason> lost) {
    return {to, from.id, departure.number, departure.bytes, departure.done, tail, copy, lost, departure.body};
  }

  void dispatch_single(Single&& message) {
    if (agents_.contains(message.to)) return fly(std::move(message));
    const std::size_t share = (simulation_.agents.size() + outgoing.size() - 1) / outgoing.size();
    outgoing[index(message.to) / share].push_back(std::move(message));
  }

  void fly(Single&& message) {
    QueueEntry entry{.time = message.tail,
                     .agent = message.to,
                     .what = Occurrence::arrival,
                     .copy = static_cast<std::uint8_t>(message.copy),
                     .source = index(message.from),
                     .number = message.number};
    entry.slot = singles_.take();
    singles_[entry.slot] = std::move(message);
    schedule(entry);
  }

  [[noreturn]] void begin_errand(Time, Errand&&) {
    throw std::logic_error(
        "a protocol that is not declared to use its host wants SimGrid: run it with `executor: exact`");
  }

  static constexpr std::uint32_t kNobodyRuns = 0xffffffff;

  WindowState& state_;
  const AgentRange agents_;
  std::vector<EventQueue> local_;         ///< each agent's own occurrences, by index in agents_
  std::vector<std::int64_t> registered_;  ///< the window in whose list each agent stands
  std::map<std::int64_t, std::vector<std::uint32_t>> due_;
  Pool<Single> singles_;
  std::uint32_t current_ = kNobodyRuns;
  Time begins_;
  Time ends_;
  std::vector<Audience> audiences_;
  std::vector<std::int64_t> after_head_;
  /// A broadcast before link rules have had their say.
  struct Undelayed {
    std::int64_t offset;
    std::uint32_t broadcast;
  };
  std::vector<Envelope> suspects_;
  std::vector<Undelayed> undelayed_;
  std::vector<std::uint64_t> arrivals_;
  std::vector<std::uint64_t> scratch_keys_;
  std::vector<std::uint32_t> slots_;
};

}  // namespace conclave

#include "engine/windowed.hpp"

#include <algorithm>
#include <stdexcept>

#include "engine/window_crew.hpp"

namespace conclave {

std::optional<std::string> WindowedExecutor::why_not(const Simulation& simulation) {
  const Scenario& scenario = simulation.scenario;
  if (scenario.network.model == NetworkModel::flow || scenario.network.flow_above)
    return "messages travel as SimGrid flows";
  for (const GroupSection& group : scenario.groups) {
    for (const ComponentInfo& info : all_components()) {
      if (info.kind == ProtocolKind::kName && info.name == group.protocol.name && info.uses_host) {
        return "`" + group.protocol.name + "` computes or transfers with SimGrid";
      }
    }
  }
  if (simulation.routes.smallest_latency < kLookaheadMin) return "the smallest latency is below " + text(kLookaheadMin);
  return std::nullopt;
}

WindowedExecutor::WindowedExecutor(Simulation& simulation, Poll poll, unsigned threads)
    : state_{.simulation = simulation, .lookahead = std::min(simulation.routes.smallest_latency, kLookaheadMax)},
      poll_(std::move(poll)) {
  simulation.link_faults.look_back_at_most(state_.lookahead * kWindowsLookedBack);
  std::vector<std::uint32_t> per_host(simulation.routes.access.size());
  std::uint32_t most = 0;
  for (const Agent& each : simulation.agents) most = std::max(most, ++per_host[each.host]);
  state_.mates_max = most;
  if (most > 1) state_.host_agents = std::move(per_host);
  const std::size_t count = std::min<std::size_t>(threads, simulation.agents.size());
  const std::size_t share = (simulation.agents.size() + count - 1) / count;
  for (std::size_t first = 0; first < simulation.agents.size(); first += share) {
    const auto size = static_cast<std::uint32_t>(std::min(share, simulation.agents.size() - first));
    EventStream& stream = workers_.empty() ? simulation.stream : *simulation.stream.another();
    workers_.push_back(std::make_unique<WindowWorker>(state_, AgentRange{conclave::agent(first), size}, stream, count));
    workers_.back()->prepare_all();
  }
  if (workers_.size() > 1) crew_ = std::make_unique<WindowCrew>(workers_);
}

WindowedExecutor::~WindowedExecutor() = default;

/// It never asks anything of SimGrid: see why_not().
void WindowedExecutor::finished(Ticket, Time, bool) {}

Time WindowedExecutor::last_event() const {
  Time last;
  for (const auto& worker : workers_) last = std::max(last, worker->last_event());
  return last;
}

void WindowedExecutor::run_until(Time horizon) {
  horizon = std::min(horizon, state_.simulation.stop_at);
  while (!interrupted_) {
    const std::optional<std::int64_t> window = next_window();
    if (!window || Time(state_.lookahead * *window) > horizon) break;
    run_window(*window);
    interrupted_ = interrupted_ || (poll_ && poll_(now_));
  }
  for (const auto& worker : workers_) state_.simulation.metrics.merge(std::exchange(worker->metrics, {}));
}

std::optional<std::int64_t> WindowedExecutor::next_window() const {
  std::optional<std::int64_t> next;
  const auto consider = [&](std::int64_t window) { next = next ? std::min(*next, window) : window; };
  for (const auto& worker : workers_)
    if (const auto due = worker->next_due()) consider(*due);
  for (const Lane& lane : state_.lanes) {
    if (lane.entries.empty()) continue;
    const Time soonest = Time(Duration(lane.entries.front().head) + lane.soonest);
    consider(std::max(state_.window_of(soonest), last_window_ + 1));
  }
  return next;
}

void WindowedExecutor::run_window(std::int64_t window) {
  last_window_ = window;
  const Time begins(state_.lookahead * window);
  const Time ends = std::min(begins + state_.lookahead, state_.simulation.stop_at + Duration(1));
  now_ = begins;
  if (crew_) {
    crew_->together([=](WindowWorker& worker) { worker.run(window, begins, ends); });
  } else {
    workers_.front()->run(window, begins, ends);
  }
  merge();
  drop_landed(begins + state_.lookahead);
  state_.simulation.stream.collect();
  if (state_.simulation.stream.crowded()) state_.simulation.stream.settle(begins + state_.lookahead);
}

/// What was sent in the window joins what is in flight. The order here decides nothing: lanes are sorted, queues order
/// by content.
void WindowedExecutor::merge() {
  for (const auto& worker : workers_) {
    for (Broadcast& broadcast : worker->launched) join_lane(std::move(broadcast));
    worker->launched.clear();
  }
  for (Lane& lane : state_.lanes) {
    const auto earlier = [](const Lane::Entry& a, const Lane::Entry& b) { return a.head < b.head; };
    if (!std::is_sorted(lane.entries.begin(), lane.entries.end(), earlier)) {
      std::sort(lane.entries.begin(), lane.entries.end(), earlier);
    }
  }
  for (std::size_t to = 0; to < workers_.size(); to++)
    for (const auto& from : workers_) workers_[to]->accept(from->outgoing[to]);
}

void WindowedExecutor::join_lane(Broadcast&& broadcast) {
  const Agent& from = state_.simulation.agents[index(broadcast.from)];
  const Access& access = state_.simulation.routes.access[from.host];
  Lane& lane = lane_of(broadcast, serialisation(state_.simulation, from, broadcast.bytes, broadcast.first_leaves));
  const std::int64_t head = nanoseconds(broadcast.first_leaves + access.up_latency);
  const std::uint32_t slot = state_.broadcasts.take();
  if (slot > Arrivals::kSlotMask) throw std::length_error("more broadcasts are in flight than can be told apart");
  lane.entries.push_back({head, index(from.id), from.host, slot, broadcast.number, broadcast.departed});
  state_.broadcasts[slot] = std::move(broadcast);
}

Lane& WindowedExecutor::lane_of(const Broadcast& broadcast, Duration turn) {
  const RecordType* kind = broadcast.body->type;
  for (Lane& lane : state_.lanes) {
    if (lane.to == broadcast.to && lane.kind == kind && lane.bytes == broadcast.bytes && lane.serialisation == turn) {
      return lane;
    }
  }
  Lane lane{
      .to = broadcast.to, .kind = kind, .bytes = broadcast.bytes, .serialisation = turn, .soonest = Duration::max()};
  const RouteTable& routes = state_.simulation.routes;
  Duration core_least = Duration::max(), core_most{};
  for (const RouteTable::Core& core : routes.core) {
    core_least = std::min(core_least, core.latency);
    core_most = std::max(core_most, core.latency + core.rate.of(lane.bytes));
  }
  for (const AgentId id : lane.to) {
    const Access& access = routes.access[state_.simulation.agents[index(id)].host];
    lane.soonest = std::min(lane.soonest, access.down_latency + core_least);
    lane.latest = std::max(lane.latest, access.down_latency + core_most + access.down.of(lane.bytes));
  }
  lane.latest += turn * (static_cast<std::int64_t>(lane.to.count) + 1);
  lane.latest += state_.simulation.link_faults.usual_delay();
  return state_.lanes.emplace_back(std::move(lane));
}

/// Lets go of the broadcasts that no receiver still waits for.
void WindowedExecutor::drop_landed(Time before) {
  Time busy_until;
  for (const auto& worker : workers_) busy_until = std::max(busy_until, worker->links_busy_until());
  for (Lane& lane : state_.lanes) {
    const std::int64_t oldest = nanoseconds(before - lane.latest);
    const auto first = std::find_if(lane.entries.begin(), lane.entries.end(),
                                    [&](const Lane::Entry& entry) { return entry.head >= oldest; });
    for (auto entry = lane.entries.begin(); entry != first; ++entry) landed_.push_back({busy_until, entry->broadcast});
    lane.entries.erase(lane.entries.begin(), first);
  }
  for (; !landed_.empty() && landed_.front().busy_until < before; landed_.pop_front()) {
    state_.broadcasts[landed_.front().broadcast].body.reset();
    state_.broadcasts.give_back(landed_.front().broadcast);
  }
  // Lanes of sizes that are no longer sent would only be walked past.
  constexpr std::size_t kLanesKept = 16;
  if (state_.lanes.size() > kLanesKept)
    std::erase_if(state_.lanes, [](const Lane& lane) { return lane.entries.empty(); });
}

}  // namespace conclave

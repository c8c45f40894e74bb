#include "engine/arrivals.hpp"

namespace conclave {

void Arrivals::open(Time begins, Time ends, AgentRange agents) {
  begins_ = begins;
  ends_ = ends;
  choose_lanes();
  std::uint32_t first = index(agents.first) + agents.count;
  std::uint32_t last = index(agents.first);
  for (const Audience& audience : audiences_) {
    first = std::min(first, std::max(index(audience.to.first), index(agents.first)));
    last = std::max(last, std::min(index(audience.to.first) + audience.to.count, index(agents.first) + agents.count));
  }
  reached_ = {AgentId{first}, first < last ? last - first : 0};
  for (Audience& audience : audiences_) count_before(audience, first);
}

void Arrivals::choose_lanes() {
  audiences_.clear();
  for (const Lane& lane : state_.lanes) {
    if (lane.entries.empty() || Time(Duration(lane.entries.front().head) + lane.soonest) >= ends_) continue;
    auto audience =
        std::find_if(audiences_.begin(), audiences_.end(), [&](const Audience& known) { return known.to == lane.to; });
    if (audience == audiences_.end()) audience = audiences_.insert(audience, Audience{lane.to, {}, {}});
    audience->lanes.push_back(&lane);
  }
}

void Arrivals::count_before(Audience& audience, std::uint32_t first) const {
  if (state_.host_agents.empty()) return;
  audience.before.assign(state_.host_agents.size(), 0);
  for (std::uint32_t i = index(audience.to.first); i < first; i++) audience.before[simulation_.destinations[i].host]++;
}

void Arrivals::find(const Agent& to) {
  keys_.clear();
  for (Audience& audience : audiences_) {
    if (!audience.to.contains(to.id)) continue;
    for (const Lane* lane : audience.lanes) gather(*lane, audience.before, to);
    if (!audience.before.empty()) audience.before[to.host]++;
  }
  order();
}

/// Appends a key for each broadcast of the lane that reaches `to` in the window.
void Arrivals::gather(const Lane& lane, const std::vector<std::uint32_t>& before, const Agent& to) {
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
      if (offset < length && offset >= -delay_most) suspect(*lane.kind, *entry, to.id, offset);
    } else if (static_cast<std::uint64_t>(offset) < static_cast<std::uint64_t>(length)) {
      keys_.push_back(static_cast<std::uint64_t>(offset) << 32 | entry->broadcast);
    }
  }
  judge_suspects(*lane.kind);
}

// Where link rules are about: broadcasts that might arrive in the window are judged many at a time.

void Arrivals::suspect(const RecordType& kind, const Lane::Entry& entry, AgentId to, std::int64_t offset) {
  const AgentId from{entry.from};
  suspects_[suspected_] = {from, to, Envelope::identify(from, entry.number), entry.departed};
  undelayed_[suspected_] = {offset, entry.broadcast};
  if (++suspected_ == LinkFaults::kBatch) judge_suspects(kind);
}

void Arrivals::judge_suspects(const RecordType& kind) {
  if (suspected_ == 0) return;
  const LinkFaults& faults = simulation_.link_faults;
  const auto length = static_cast<std::uint64_t>((ends_ - begins_).count());
  std::array<Fate, LinkFaults::kBatch> fates{};
  faults.judge(kind, {suspects_.data(), suspected_}, {fates.data(), suspected_});
  for (std::size_t i = 0; i < suspected_; i++) {
    const Fate& fate = fates[i];
    const auto offset = static_cast<std::uint64_t>(undelayed_[i].offset + fate.delay.count());
    if (offset >= length || fate.delay > faults.usual_delay()) continue;
    const std::uint64_t lost = fate.lost ? static_cast<std::uint64_t>(*fate.lost) + 1 : 0;
    keys_.push_back(offset << 32 | lost << kSlotBits | undelayed_[i].broadcast);
  }
  suspected_ = 0;
}

void Arrivals::order() {
  if (keys_.size() < 2) return;
  sort_by_offset(keys_, static_cast<std::uint64_t>((ends_ - begins_).count()), scratch_keys_, slots_);
  for (std::size_t i = 1; i < keys_.size(); i++) {
    if (keys_[i] >> 32 != keys_[i - 1] >> 32) continue;
    std::size_t last = i + 1;
    while (last < keys_.size() && keys_[last] >> 32 == keys_[i] >> 32) last++;
    std::sort(keys_.begin() + static_cast<std::ptrdiff_t>(i) - 1, keys_.begin() + static_cast<std::ptrdiff_t>(last),
              [&](std::uint64_t a, std::uint64_t b) {
                const Broadcast& first = state_.broadcasts[a & kSlotMask];
                const Broadcast& second = state_.broadcasts[b & kSlotMask];
                return std::pair(first.from, first.number) < std::pair(second.from, second.number);
              });
    i = last;
  }
}

std::int64_t Arrivals::turns_before(const Broadcast& broadcast, const Agent& to) const {
  const Agent& from = simulation_.agents[index(broadcast.from)];
  for (const Audience& audience : audiences_)
    if (audience.to == broadcast.to && !audience.before.empty())
      return broadcast.to.rank(to.id) - audience.before[from.host];
  return broadcast.to.rank(to.id) - (broadcast.to.contains(from.id) && from.id < to.id);
}

}  // namespace conclave

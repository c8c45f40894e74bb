// What a run reports of its reliable broadcasts: how many were begun, how many everyone honest has delivered, and how
// long that took, from the broadcast by an honest origin to its last delivery.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "core/broadcast_events.hpp"
#include "core/catalog.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

class BroadcastOutcome final : public Outcome {
 public:
  BroadcastOutcome(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent)) return;
    if (const auto* started = event.record->as<BroadcastStarted>()) {
      broadcasts_[{event.agent, started->number}].started = event.time;
    } else if (const auto* delivered = event.record->as<BroadcastDelivered>()) {
      Broadcast& broadcast = broadcasts_[{delivered->origin, delivered->number}];
      broadcast.deliveries++;
      broadcast.by = event.agent;
      broadcast.last = event.time;
      deliveries_++;
    }
  }

  std::string json(const RunEnd&) const override {
    if (broadcasts_.empty()) return {};
    const std::vector<Duration> latencies = sorted_latencies();
    std::string out =
        fmt::format(R"({{"broadcasts":{},"deliveries":{},"complete":{})", broadcasts_.size(), deliveries_, complete());
    if (!latencies.empty())
      out += fmt::format(R"(,"latency_median_ns":{},"latency_worst_ns":{})", latencies[latencies.size() / 2].count(),
                         latencies.back().count());
    return out + "}";
  }

  std::string summary(const RunEnd&) const override {
    if (broadcasts_.empty()) return {};
    std::string text = fmt::format("{} of {} broadcasts delivered by everyone honest", complete(), broadcasts_.size());
    const std::vector<Duration> latencies = sorted_latencies();
    if (latencies.empty()) return text;
    return text + fmt::format(" · latency {} median, {} worst", rounded(latencies[latencies.size() / 2]),
                              rounded(latencies.back()));
  }

 private:
  struct Broadcast {
    std::optional<Time> started;
    std::uint32_t deliveries = 0;
    AgentId by = kNobody;  ///< the last of them
    Time last{};
  };

  bool is_complete(const Broadcast& broadcast) const {
    if (broadcast.deliveries == 0) return false;
    const AgentRange group = roster_.group_of(broadcast.by).agents;
    return broadcast.deliveries >=
           std::count_if(group.begin(), group.end(), [&](AgentId member) { return roster_.honest(member); });
  }
  std::size_t complete() const {
    return static_cast<std::size_t>(std::count_if(broadcasts_.begin(), broadcasts_.end(),
                                                  [&](const auto& entry) { return is_complete(entry.second); }));
  }
  std::vector<Duration> sorted_latencies() const {
    std::vector<Duration> latencies;
    for (const auto& [name, broadcast] : broadcasts_)
      if (broadcast.started && is_complete(broadcast)) latencies.push_back(broadcast.last - *broadcast.started);
    std::sort(latencies.begin(), latencies.end());
    return latencies;
  }

  const Roster& roster_;
  std::map<std::pair<AgentId, std::uint64_t>, Broadcast> broadcasts_;
  std::uint64_t deliveries_ = 0;
};

const bool registered =
    OutcomeCatalog::add<BroadcastOutcome>({.name = "broadcast",
                                           .family = "consensus",
                                           .summary = "reliable broadcasts: how many everyone delivered, and when"});

}  // namespace
}  // namespace conclave

#include "protocols/hierarchy/supervision.hpp"

#include <algorithm>

namespace conclave {

namespace {

/// The pause doubles so many times at most.
constexpr std::size_t kDoublingsMax = 10;

}  // namespace

std::string_view name(SupervisionStrategy strategy) {
  for (const auto& [each, text] : Choices<SupervisionStrategy>::kNames)
    if (each == strategy) return text;
  return {};
}

void Supervision::started(AgentId report) {
  if (std::find(started_.begin(), started_.end(), report) == started_.end()) started_.push_back(report);
}

void Supervision::ended(AgentId report) {
  std::erase(started_, report);
}

std::uint32_t Supervision::order_of(AgentId report) const {
  return static_cast<std::uint32_t>(std::find(started_.begin(), started_.end(), report) - started_.begin());
}

Supervision::Response Supervision::lost(Time now, AgentId report) {
  while (!incidents_.empty() && incidents_.front() + rules_.period < now) incidents_.pop_front();
  Response response{.incident = ++total_, .escalate = incidents_.size() >= rules_.restarts, .stop = {}, .backoff = {}};
  incidents_.push_back(now);
  const std::uint32_t at = order_of(report);
  for (std::size_t i = started_.size(); i-- > 0;) {
    const bool concerned = started_[i] == report || response.escalate ||
                           rules_.strategy == SupervisionStrategy::one_for_all ||
                           (rules_.strategy == SupervisionStrategy::rest_for_one && i > at);
    if (concerned) response.stop.push_back(started_[i]);
  }
  response.backoff = rules_.backoff * (std::int64_t{1} << std::min(incidents_.size() - 1, kDoublingsMax));
  return response;
}

}  // namespace conclave

#include "trace/parting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>

#include "core/units.hpp"

namespace conclave {

namespace {

/// A trace read line by line, which remembers the last ones.
class Side {
 public:
  explicit Side(const std::filesystem::path& file) : header_(file), lines_(file) {
    std::string_view ignored;
    lines_.next(ignored);
  }

  /// The next event's line; false after the last.
  bool next() {
    if (!current_.empty()) {
      before_.push_back(std::move(current_));
      if (before_.size() > kCauseWindow) before_.pop_front();
    }
    std::string_view line;
    const bool there = lines_.next(line);
    current_ = there ? std::string(line) : std::string();
    return there;
  }

  const std::string& line() const { return current_; }

  PartingSide parting() const {
    PartingSide side{.roster = header_.roster()};
    if (current_.empty()) return side;
    side.event = parse_trace_event(current_, header_.roster());
    side.causes = causes(*side.event);
    return side;
  }

 private:
  /// Whether `earlier` led to `event`: the message that arrives was sent, or the agent reacted to an input.
  static bool leads_to(const TraceEvent& earlier, const TraceEvent& event) {
    if (event.arrival()) return earlier.kind == EventKind::sent && earlier.message == event.message;
    const bool reaction =
        event.kind == EventKind::sent || event.kind == EventKind::emitted || event.kind == EventKind::timer;
    const bool input = earlier.kind != EventKind::sent && earlier.kind != EventKind::emitted;
    return reaction && input && earlier.agent == event.agent;
  }

  std::vector<TraceEvent> causes(const TraceEvent& event) const {
    std::vector<TraceEvent> chain;
    const TraceEvent* of = &event;
    for (auto line = before_.rbegin(); line != before_.rend() && chain.size() < kCausesMax; ++line) {
      const TraceEvent earlier = parse_trace_event(*line, header_.roster());
      if (!leads_to(earlier, *of)) continue;
      chain.reserve(kCausesMax);  // so that `of` stays where it is
      chain.push_back(earlier);
      of = &chain.back();
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
  }

  TraceReader header_;
  LineReader lines_;
  std::string current_;
  std::deque<std::string> before_;
};

std::string name_of(AgentId id, const Roster& roster) {
  return id == kNobody ? "many" : roster.name(id);
}

}  // namespace

std::optional<Parting> find_parting(const std::filesystem::path& a, const std::filesystem::path& b, std::uint64_t from,
                                    std::uint64_t& compared) {
  Side left(a), right(b);
  for (std::uint64_t number = 0;; number++) {
    const bool more_left = left.next(), more_right = right.next();
    if (!more_left && !more_right) return std::nullopt;
    if (number < from && more_left && more_right) continue;
    compared++;
    if (left.line() != right.line()) return Parting{number, left.parting(), right.parting()};
  }
}

std::string describe(const TraceEvent& event, const Roster& roster) {
  static const std::set<std::string> kTold{"t", "agent", "n", "event", "from", "to", "kind"};
  std::string out = fmt::format("{:>12}  {:<12} {}", rounded(event.time.time_since_epoch()), roster.name(event.agent),
                                name(event.kind));
  if (!event.subject.empty()) out += " " + event.subject;
  if (event.arrival()) out += " from " + name_of(event.peer, roster);
  if (event.kind == EventKind::sent) out += " to " + name_of(event.peer, roster);
  out += fmt::format("   t={}", nanoseconds(event.time));
  for (const auto& [key, value] : event.fields.items())
    if (!kTold.contains(key)) out += fmt::format(" {}={}", key, value.dump());
  return out;
}

}  // namespace conclave

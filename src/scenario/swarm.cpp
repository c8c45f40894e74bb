#include "scenario/swarm.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "scenario/selection.hpp"

namespace conclave {

namespace {

/// Steps in which a quantity is drawn between the ends of its range.
constexpr std::uint64_t kSteps = 1000;

/// Where between the ends of its ranges a fault is taken.
struct Point {
  enum class Where { low, high, drawn };
  Where where;
  Stream draws{};
};

std::uint64_t pick(std::uint64_t low, std::uint64_t high, const Point& point) {
  switch (point.where) {
    case Point::Where::low: return low;
    case Point::Where::high: return high;
    case Point::Where::drawn: return low + Random(point.draws).below(high - low + 1);
  }
  return low;
}

std::string between(Duration low, Duration high, std::uint64_t step) {
  return text(low + (high - low) / static_cast<std::int64_t>(kSteps) * static_cast<std::int64_t>(step));
}
std::string between(Probability low, Probability high, std::uint64_t step) {
  const double share = static_cast<double>(step) / static_cast<double>(kSteps);
  return fmt::format("{:.4f}%", 100 * (low.value() + (high.value() - low.value()) * share));
}
std::string between(Bandwidth low, Bandwidth high, std::uint64_t step) {
  return text(Bandwidth{low.bits_per_second + (high.bits_per_second - low.bits_per_second) / kSteps * step});
}
std::string between(ByteCount low, ByteCount high, std::uint64_t step) {
  return text(ByteCount{low.bytes + (high.bytes - low.bytes) / kSteps * step});
}
std::string between(Factor low, Factor high, std::uint64_t step) {
  return text(Factor{low.millionths + (high.millionths - low.millionths) / kSteps * step});
}

/// If both texts are quantities of this type in ascending order: one between them.
template <class Quantity>
std::optional<std::string> draw_quantity(std::string_view low, std::string_view high, const Point& point) {
  Quantity from{}, to{};
  if (parse(low, from) || parse(high, to)) return std::nullopt;
  if constexpr (std::is_same_v<Quantity, Probability>) {
    if (from.value() > to.value()) return std::nullopt;
  } else if (to < from) {
    return std::nullopt;
  }
  if (point.where == Point::Where::low) return std::string(low);
  if (point.where == Point::Where::high) return std::string(high);
  return between(from, to, pick(0, kSteps, point));
}

std::optional<std::uint64_t> read_integer(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// `low..high` of integers or quantities as one of them; anything else as it is.
std::string draw_text(const std::string& written, const Point& point) {
  const std::size_t dots = written.find("..");
  if (dots == std::string::npos) return written;
  const std::string_view low = std::string_view(written).substr(0, dots);
  const std::string_view high = std::string_view(written).substr(dots + 2);
  const auto from = read_integer(low), to = read_integer(high);
  if (from && to && *from <= *to) return std::to_string(pick(*from, *to, point));
  if (auto drawn = draw_quantity<Duration>(low, high, point)) return *drawn;
  if (auto drawn = draw_quantity<Probability>(low, high, point)) return *drawn;
  if (auto drawn = draw_quantity<Bandwidth>(low, high, point)) return *drawn;
  if (auto drawn = draw_quantity<ByteCount>(low, high, point)) return *drawn;
  if (auto drawn = draw_quantity<Factor>(low, high, point)) return *drawn;
  return written;
}

Value draw_value(const Value& written, const Point& point) {
  Value drawn = written;
  if (written.is_scalar()) drawn.text = draw_text(written.text, point);
  for (std::size_t i = 0; i < drawn.items.size(); i++)
    drawn.items[i] = draw_value(written.items[i], {point.where, point.draws.child(i)});
  for (std::size_t i = 0; i < drawn.entries.size(); i++)
    drawn.entries[i].value = draw_value(written.entries[i].value, {point.where, point.draws.child(i)});
  return drawn;
}

/// Behaviours get a victim; links say themselves whom they are about.
Value for_victim(Value fault, AgentId victim, const Roster& roster) {
  if (fault.is_map() && fault.find("behaviour") && !fault.find("agents"))
    fault.set("agents", Value::scalar(roster.name(victim), true, fault.at));
  return fault;
}

/// What is wrong with these faults, taken together.
void judge(const Draft& draft, std::vector<Value> faults, Diagnostics& found) {
  Draft trial{.document = draft.document, .folder = draft.folder, .diagnostics = found};
  trial.section = draft.section;
  trial.scenario = draft.scenario;
  trial.section.faults.written = Value::list(std::move(faults));
  read_faults(trial);
  for (const auto& check : trial.checks_of_components) check();
}

/// Each range must make sense at both its ends.
void check_templates(const SwarmSection& swarm, AgentId victim, Draft& draft) {
  for (const Value& written : swarm.draw.written.items) {
    for (const Point::Where where : {Point::Where::low, Point::Where::high})
      judge(draft, {for_victim(draw_value(written, {where}), victim, draft.scenario.roster)}, draft.diagnostics);
  }
}

/// Distinct agents of the ranges.
std::vector<AgentId> draw_victims(const std::vector<AgentRange>& among, std::uint64_t count, Random random) {
  std::vector<AgentId> pool, victims;
  for (const AgentRange range : among) pool.insert(pool.end(), range.begin(), range.end());
  while (victims.size() < count && !pool.empty()) {
    const auto chosen = pool.begin() + static_cast<std::ptrdiff_t>(random.below(pool.size()));
    victims.push_back(*chosen);
    pool.erase(chosen);
  }
  return victims;
}

void draw(const SwarmSection& swarm, const std::vector<AgentRange>& among, Draft& draft) {
  const Stream draws(draft.section.seed, "swarm");
  const auto drawn = [&](std::uint64_t purpose) { return Point{Point::Where::drawn, draws.child(purpose)}; };
  enum : std::uint64_t { kVictims, kVictimCount, kFaultCount, kOrder, kVictimOf, kValues };
  const std::vector<AgentId> victims = draw_victims(
      among, pick(swarm.victims.least, swarm.victims.most, drawn(kVictimCount)), Random(draws.child(kVictims)));
  const std::vector<Value>& templates = swarm.draw.written.items;
  std::vector<std::size_t> order(templates.size());
  for (std::size_t i = 0; i < order.size(); i++) order[i] = i;
  const Stream rank = draws.child(kOrder);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank.at(a) < rank.at(b); });
  order.resize(std::min<std::size_t>(order.size(), pick(swarm.faults.least, swarm.faults.most, drawn(kFaultCount))));

  std::vector<Value> faults = draft.section.faults.written.items;
  for (const std::size_t i : order) {
    Value fault = draw_value(templates[i], {Point::Where::drawn, draws.child(kValues).child(i)});
    if (fault.find("behaviour") && !fault.find("agents")) {
      if (victims.empty()) continue;
      const std::uint64_t whose = Random(draws.child(kVictimOf).child(i)).below(victims.size());
      fault = for_victim(std::move(fault), victims[whose], draft.scenario.roster);
    }
    // Two faults may contradict each other, and a time drawn may lie after another: such a fault is left out.
    Diagnostics found;
    faults.push_back(std::move(fault));
    judge(draft, faults, found);
    if (!found.empty()) {
      faults.pop_back();
    } else {
      draft.scenario.drawn.push_back(params_detail::inline_text(faults.back()));
    }
  }
  draft.section.faults.written = Value::list(std::move(faults), draft.section.faults.written.at);
}

}  // namespace

void read_swarm(Draft& draft, bool wanted) {
  if (!draft.section.swarm) {
    if (wanted) draft.diagnostics.error({}, "there is no section `swarm` to draw from", "see `conclave explain swarm`");
    return;
  }
  const SwarmSection swarm = *draft.section.swarm;
  draft.section.swarm.reset();  // what was drawn stands in `faults`: it must not be drawn again from there
  if (!draft.roster_complete) return;
  const std::vector<AgentRange> among = select_agents(swarm.of.written, draft.scenario.roster, draft.diagnostics);
  if (among.empty() || among.front().count == 0) return;
  const std::size_t errors_before = draft.diagnostics.count();
  check_templates(swarm, among.front().first, draft);
  if (wanted && draft.diagnostics.count() == errors_before) draw(swarm, among, draft);
}

}  // namespace conclave

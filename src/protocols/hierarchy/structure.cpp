#include "protocols/hierarchy/structure.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "core/distribution.hpp"
#include "core/units.hpp"

namespace conclave {

std::string_view name(StructureKind kind) {
  for (const auto& [each, text] : Choices<StructureKind>::kNames)
    if (each == kind) return text;
  return {};
}

namespace {

/// Levels below the root of a tree in which every manager has `span` reports, filled level by level.
std::uint32_t levels_of(std::uint32_t members, std::uint32_t span) {
  std::uint64_t reached = 1, level_size = 1;
  std::uint32_t levels = 0;
  while (reached < members) {
    level_size *= span;
    reached += level_size;
    levels++;
  }
  return levels;
}

std::uint32_t bearable_span(const ManagerCosts& costs) {
  if (costs.report_every.count() == 0 || costs.message.count() == 0) return UINT32_MAX;
  const std::int64_t most = (costs.report_every.count() - 1) / costs.message.count();
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(most, 2, UINT32_MAX));
}

/// Managers have `span` reports, but the last one of them.
Shape regular(StructureKind kind, std::uint32_t members, std::uint32_t span) {
  Shape shape{.kind = kind};
  shape.span = std::min(span, std::max(1u, members - 1));
  for (std::uint32_t position = 0; position < members; position++) {
    shape.parent.push_back(position == 0 ? 0 : (position - 1) / span);
    shape.level.push_back(position == 0 ? 0 : shape.level[shape.parent[position]] + 1);
  }
  shape.managers = members == 1 ? 1 : shape.parent.back() + 1;
  shape.levels = shape.level.back();
  return shape;
}

/// Exactly `levels` levels: `width[l]` positions on level l, shared out evenly among those above.
Shape by_levels(StructureKind kind, const std::vector<std::uint32_t>& width) {
  Shape shape{.kind = kind};
  shape.parent.push_back(0), shape.level.push_back(0);
  std::uint32_t first_above = 0, above = 1;
  for (std::uint32_t l = 1; l < width.size(); l++) {
    const std::uint32_t first = shape.members();
    for (std::uint32_t i = 0; i < width[l]; i++) {
      shape.parent.push_back(first_above + static_cast<std::uint32_t>(std::uint64_t{i} * above / width[l]));
      shape.level.push_back(l);
    }
    shape.span = std::max(shape.span, (width[l] + above - 1) / above);
    first_above = first, above = width[l];
  }
  shape.managers = first_above == 0 ? 1 : first_above;
  shape.levels = static_cast<std::uint32_t>(width.size()) - 1;
  return shape;
}

/// Largest integer whose k-th power is at most n.
std::uint32_t root_of(std::uint32_t n, std::uint32_t k) {
  std::uint32_t root = 1;
  const auto power = [k](std::uint64_t base) {
    std::uint64_t product = 1;
    for (std::uint32_t i = 0; i < k; i++) product *= base;
    return product;
  };
  while (power(root + 1) <= n) root++;
  return root;
}

}  // namespace

double ideal_span(double latency_by_cost) {
  double low = 2, high = 1e9;  // s (ln s - 1) rises from below 0
  for (int i = 0; i < 200; i++) {
    const double middle = (low + high) / 2;
    (middle * (natural_log(middle) - 1) < latency_by_cost ? low : high) = middle;
  }
  return low;
}

Duration reach_time(std::uint32_t members, std::uint32_t span, const ManagerCosts& costs) {
  return (costs.message * span + costs.latency) * levels_of(members, span);
}

std::uint32_t best_span(std::uint32_t members, const ManagerCosts& costs) {
  const std::uint32_t most = std::min(std::max(2u, members - 1), bearable_span(costs));
  std::uint32_t best = 2;
  for (std::uint32_t span = 3; span <= most; span++)
    if (reach_time(members, span, costs) < reach_time(members, best, costs)) best = span;
  return best;
}

Shape design(StructureKind kind, std::uint32_t members, std::uint32_t span, const ManagerCosts& costs) {
  Shape shape;
  if (members <= 3 || kind == StructureKind::flat) {
    shape = regular(kind, members, std::max(1u, members - 1));
    shape.reason = "everybody reports to the root";
  } else if (kind == StructureKind::tree) {
    const std::uint32_t best = span > 0 ? span : best_span(members, costs);
    shape = regular(kind, members, best);
    shape.reason = span > 0 ? "the span is given"
                            : fmt::format("span {} reaches {} members in {}, the least for latency {} and {} a message",
                                          best, members, rounded(reach_time(members, best, costs)),
                                          rounded(costs.latency), rounded(costs.message));
  } else if (kind == StructureKind::deep) {
    shape = regular(kind, members, span > 0 ? span : 2);
    shape.reason = "few reports for each manager, and many levels";
  } else if (kind == StructureKind::teams) {
    const std::uint32_t leaders = span > 0 ? std::max(1u, (members - 1) / (span + 1)) : root_of(members - 1, 2);
    shape = by_levels(kind, {1, leaders, members - 1 - leaders});
    shape.reason = fmt::format("{} teams, whose leaders take work from each other", leaders);
  } else {
    const std::uint32_t upper = root_of(members, 3), leaders = std::min(upper * upper, (members - 1 - upper) / 2);
    shape = by_levels(kind, {1, upper, std::max(1u, leaders), members - 1 - upper - std::max(1u, leaders)});
    shape.reason = fmt::format("a tree of {} managers over {} teams whose leaders take work from each other", upper,
                               std::max(1u, leaders));
  }
  return shape;
}

}  // namespace conclave

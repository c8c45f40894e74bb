// The shape of an organisation: how many report to one, over how many levels, and who stands where. Positions are
// numbered level by level from the root, which is 0; those that nobody reports to are the workers' places.
//
// A manager that hands s messages to its reports one after the other, at a cost c each, over links of latency d,
// reaches n members in about (ln n / ln s)(s c + d). That is least where s (ln s - 1) = d / c: about 2.7 where links
// are free, 38 where a link costs as much as a hundred messages. Members are whole, so the integer best is found by
// trying each. A second limit: a manager must keep up with what its reports send it, s < µ / λ.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/params.hpp"
#include "core/time.hpp"

namespace conclave {

enum class StructureKind { flat, tree, deep, teams, hybrid };

template <>
struct Choices<StructureKind> {
  static constexpr std::pair<StructureKind, std::string_view> kNames[] = {{StructureKind::flat, "flat"},
                                                                          {StructureKind::tree, "tree"},
                                                                          {StructureKind::deep, "deep"},
                                                                          {StructureKind::teams, "teams"},
                                                                          {StructureKind::hybrid, "hybrid"}};
};
std::string_view name(StructureKind kind);

struct Shape {
  StructureKind kind{};
  std::vector<std::uint32_t> parent;  ///< by position; the root is its own
  std::vector<std::uint32_t> level;
  std::uint32_t span = 0;      ///< most that report to one
  std::uint32_t managers = 0;  ///< positions 0 to managers - 1 are those of managers
  std::uint32_t levels = 0;
  std::string reason;

  std::uint32_t members() const { return static_cast<std::uint32_t>(parent.size()); }
};

/// What is known of the work of a manager.
struct ManagerCosts {
  Duration latency{};       ///< d: of a message to a report
  Duration message{};       ///< c: of a manager, for each message
  Duration report_every{};  ///< each report is heard from this often; never if 0
};

/// The span that is best by the formula if it need not be whole, for a latency of so many message costs.
double ideal_span(double latency_by_cost);
/// The span that is best among whole ones, and bearable. Requires members >= 2.
std::uint32_t best_span(std::uint32_t members, const ManagerCosts& costs);
/// Time for one message of the root to reach all members of such a tree.
Duration reach_time(std::uint32_t members, std::uint32_t span, const ManagerCosts& costs);

/// The shape for so many members; `span` of 0 means the best. Requires members >= 1.
Shape design(StructureKind kind, std::uint32_t members, std::uint32_t span, const ManagerCosts& costs);

}  // namespace conclave

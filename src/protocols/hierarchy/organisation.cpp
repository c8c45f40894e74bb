#include "protocols/hierarchy/organisation.hpp"

#include <algorithm>

namespace conclave {

namespace {

constexpr std::uint32_t kGone = UINT32_MAX;

/// The node and those above it need new appointments.
void mark(std::vector<OrgNode>& nodes, std::uint32_t at) {
  for (;; at = nodes[at].parent) {
    nodes[at].appointment = nullptr;
    if (at == nodes[at].parent) return;
  }
}

/// Fills an empty place from below, and the place that this empties. A place with nobody below it goes.
void fill(std::vector<OrgNode>& nodes, std::uint32_t empty) {
  mark(nodes, empty);
  std::uint32_t best = kGone;
  for (std::uint32_t i = empty + 1; i < nodes.size(); i++) {
    const bool below = nodes[i].parent == empty && nodes[i].position != kGone;
    if (below && (best == kGone || nodes[i].ability > nodes[best].ability)) best = i;
  }
  if (best == kGone) {
    nodes[empty].position = kGone;
    return;
  }
  nodes[empty].holder = nodes[best].holder;
  nodes[empty].ability = nodes[best].ability;
  nodes[empty].skills = 0;
  fill(nodes, best);
}

std::vector<OrgNode> tidied(const std::vector<OrgNode>& nodes) {
  std::vector<OrgNode> kept;
  std::vector<std::uint32_t> index(nodes.size());
  for (std::uint32_t i = 0; i < nodes.size(); i++) {
    if (nodes[i].position == kGone) continue;
    index[i] = static_cast<std::uint32_t>(kept.size());
    kept.push_back(nodes[i]);
    kept.back().parent = index[nodes[i].parent];
  }
  return kept;
}

}  // namespace

std::uint32_t place_of(const std::vector<OrgNode>& nodes, AgentId agent) {
  const auto found =
      std::find_if(nodes.begin(), nodes.end(), [&](const OrgNode& node) { return node.holder == agent; });
  return static_cast<std::uint32_t>(found - nodes.begin());
}

std::vector<OrgNode> without(std::vector<OrgNode> nodes, AgentId gone) {
  const std::uint32_t at = place_of(nodes, gone);
  if (at == nodes.size()) return nodes;
  fill(nodes, at);
  return tidied(nodes);
}

std::vector<OrgNode> with_root(std::vector<OrgNode> nodes, AgentId next, std::uint32_t ability) {
  const std::uint32_t at = place_of(nodes, next);
  mark(nodes, 0);
  nodes[0].holder = next;
  nodes[0].ability = ability;
  if (at != nodes.size() && at != 0) fill(nodes, at);
  return tidied(nodes);
}

std::uint32_t widest(const std::vector<OrgNode>& nodes) {
  std::vector<std::uint32_t> reports(nodes.size());
  std::uint32_t most = 0;
  for (std::size_t i = 1; i < nodes.size(); i++) most = std::max(most, ++reports[nodes[i].parent]);
  return most;
}

std::vector<OrgNode> with_worker(std::vector<OrgNode> nodes, AgentId agent, std::uint32_t skills, std::uint32_t ability,
                                 std::uint32_t span) {
  if (place_of(nodes, agent) != nodes.size()) return nodes;
  std::vector<std::uint32_t> reports(nodes.size()), managers(nodes.size());
  std::uint32_t position = 0;
  for (std::uint32_t i = 0; i < nodes.size(); i++) {
    position = std::max(position, nodes[i].position + 1);
    if (i > 0) reports[nodes[i].parent]++;
    if (i > 0 && nodes[i].skills == 0) managers[nodes[i].parent]++;
  }
  std::uint32_t team = 0;
  bool found = false;
  for (std::uint32_t i = 0; i < nodes.size(); i++) {
    if (nodes[i].skills != 0 || managers[i] > 0 || reports[i] >= span) continue;
    if (!found || reports[i] < reports[team]) team = i;
    found = true;
  }
  if (!found) return nodes;
  mark(nodes, team);
  nodes.push_back({.position = position, .holder = agent, .parent = team, .skills = skills, .ability = ability});
  return nodes;
}

std::vector<std::vector<OrgNode>> branches(const std::vector<OrgNode>& nodes) {
  std::vector<std::vector<OrgNode>> parts;
  std::vector<std::pair<std::size_t, std::uint32_t>> place(nodes.size());  // by node: part, index in it
  for (std::uint32_t i = 1; i < nodes.size(); i++) {
    const bool top = nodes[i].parent == 0;
    if (top) parts.emplace_back();
    const std::size_t part = top ? parts.size() - 1 : place[nodes[i].parent].first;
    place[i] = {part, static_cast<std::uint32_t>(parts[part].size())};
    parts[part].push_back(nodes[i]);
    parts[part].back().parent = top ? 0 : place[nodes[i].parent].second;
  }
  return parts;
}

bool same_branch(const std::vector<OrgNode>& a, const std::vector<OrgNode>& b) {
  const auto same_appointment = [](const AppointmentPtr& x, const AppointmentPtr& y) {
    return x && y ? x->epoch == y->epoch && x->holder == y->holder : !x && !y;
  };
  const auto same = [&](const OrgNode& x, const OrgNode& y) {
    return x.position == y.position && x.holder == y.holder && x.parent == y.parent && x.skills == y.skills &&
           same_appointment(x.appointment, y.appointment);
  };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same);
}

}  // namespace conclave

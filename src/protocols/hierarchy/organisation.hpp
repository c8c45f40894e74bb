// Changes to an organisation that leave everybody else where they are: somebody goes, somebody comes, somebody else
// stands at the root. Whoever leaves a manager's place is followed by the best leader among its reports, whose own
// place is then filled in the same way. Managers above a change lose their appointment, as a sign that they need a new
// one; all other branches stay as they were, so nobody there need be told.
#pragma once

#include <vector>

#include "protocols/hierarchy/messages.hpp"

namespace conclave {

/// Index of the node that the agent holds, or nodes.size().
std::uint32_t place_of(const std::vector<OrgNode>& nodes, AgentId agent);

std::vector<OrgNode> without(std::vector<OrgNode> nodes, AgentId gone);
/// `next` at the root instead of who is there; its own place, if it has one, is filled.
std::vector<OrgNode> with_root(std::vector<OrgNode> nodes, AgentId next, std::uint32_t ability);
/// One more worker, in the smallest team that has less than `span` reports. If there is none, nothing changes.
std::vector<OrgNode> with_worker(std::vector<OrgNode> nodes, AgentId agent, std::uint32_t skills, std::uint32_t ability,
                                 std::uint32_t span);
/// Most that report to one.
std::uint32_t widest(const std::vector<OrgNode>& nodes);

/// What is below each report of the first node, that report itself first. `parent` counts within the part.
std::vector<std::vector<OrgNode>> branches(const std::vector<OrgNode>& nodes);
bool same_branch(const std::vector<OrgNode>& a, const std::vector<OrgNode>& b);

}  // namespace conclave

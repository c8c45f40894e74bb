#include "protocols/hierarchy/assignment.hpp"

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <numeric>

namespace conclave {

namespace {

/// Rounds of the relaxation at most. Without resources there is one.
constexpr int kRelaxationsMax = 60;

/// What agents have left, as roles are given to them.
class Room {
 public:
  explicit Room(const AssignmentProblem& problem)
      : problem_(problem), slots_(problem.slots), capacities_(problem.capacities) {}

  bool takes(std::size_t role, std::size_t agent) const {
    if (slots_[agent] == 0 || problem_.cost(role, agent) < 0) return false;
    for (std::size_t k = 0; k < problem_.resources; k++)
      if (demand(role, k) > capacities_[agent * problem_.resources + k]) return false;
    return true;
  }
  void take(std::size_t role, std::size_t agent) {
    slots_[agent]--;
    for (std::size_t k = 0; k < problem_.resources; k++) capacities_[agent * problem_.resources + k] -= demand(role, k);
  }

 private:
  std::uint64_t demand(std::size_t role, std::size_t k) const {
    return problem_.demands[role * problem_.resources + k];
  }

  const AssignmentProblem& problem_;
  std::vector<std::uint64_t> slots_;
  std::vector<std::uint64_t> capacities_;
};

/// Fills what is empty of each role in turn, cheapest agents first, of equal ones the first.
void fill(const AssignmentProblem& problem, Room& room, std::vector<std::vector<std::uint32_t>>& holders) {
  std::vector<std::uint32_t> order;
  for (std::size_t role = 0; role < problem.roles(); role++) {
    if (holders[role].size() >= problem.counts[role]) continue;
    order.clear();
    for (std::uint32_t agent = 0; agent < problem.agents; agent++)
      if (room.takes(role, agent) &&
          std::find(holders[role].begin(), holders[role].end(), agent) == holders[role].end())
        order.push_back(agent);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return problem.cost(role, a) < problem.cost(role, b); });
    for (const std::uint32_t agent : order) {
      if (holders[role].size() >= problem.counts[role]) break;
      const bool pays = problem.cost(role, agent) < static_cast<std::int64_t>(problem.penalties[role]);
      if (!pays) break;
      room.take(role, agent);
      holders[role].push_back(agent);
    }
    std::sort(holders[role].begin(), holders[role].end());
  }
}

/// Costs with the resources priced in.
std::vector<std::int64_t> priced(const AssignmentProblem& problem, const std::vector<std::int64_t>& prices) {
  std::vector<std::int64_t> costs = problem.costs;
  if (problem.resources == 0) return costs;
  for (std::size_t role = 0; role < problem.roles(); role++)
    for (std::size_t agent = 0; agent < problem.agents; agent++)
      for (std::size_t k = 0; costs[role * problem.agents + agent] >= 0 && k < problem.resources; k++)
        costs[role * problem.agents + agent] +=
            static_cast<std::int64_t>(problem.demands[role * problem.resources + k]) *
            prices[agent * problem.resources + k];
  return costs;
}

struct Flow {
  std::vector<std::vector<std::uint32_t>> holders;
  std::vector<std::int64_t> role_prices;
  std::vector<std::int64_t> agent_prices;
};

/// Min-cost flow: each role sends what it wants to agents, or to nobody at its penalty.
Flow solve_flow(const AssignmentProblem& problem, const std::vector<std::int64_t>& costs) {
  using Graph = lemon::SmartDigraph;
  Graph graph;
  const std::size_t roles = problem.roles(), agents = problem.agents;
  const auto pairs = static_cast<int>(std::count_if(costs.begin(), costs.end(), [](auto c) { return c >= 0; }));
  graph.reserveNode(static_cast<int>(roles + agents) + 2);
  graph.reserveArc(pairs + static_cast<int>(roles + agents) + 1);
  std::vector<Graph::Node> role_nodes, agent_nodes;
  for (std::size_t i = 0; i < roles; i++) role_nodes.push_back(graph.addNode());
  for (std::size_t i = 0; i < agents; i++) agent_nodes.push_back(graph.addNode());
  const Graph::Node nobody = graph.addNode(), sink = graph.addNode();
  Graph::ArcMap<std::int64_t> cost(graph, 0), most(graph, 0);
  Graph::NodeMap<std::int64_t> supply(graph, 0);
  const auto connect = [&](Graph::Node from, Graph::Node to, std::int64_t price, std::uint64_t capacity) {
    const Graph::Arc arc = graph.addArc(from, to);
    cost[arc] = price, most[arc] = static_cast<std::int64_t>(capacity);
    return arc;
  };
  std::vector<std::pair<Graph::Arc, std::pair<std::uint32_t, std::uint32_t>>> chosen;
  std::uint64_t wanted = 0;
  for (std::uint32_t role = 0; role < roles; role++) {
    supply[role_nodes[role]] = static_cast<std::int64_t>(problem.counts[role]);
    wanted += problem.counts[role];
    for (std::uint32_t agent = 0; agent < agents; agent++) {
      const std::int64_t price = costs[role * agents + agent];
      if (price >= 0) chosen.push_back({connect(role_nodes[role], agent_nodes[agent], price, 1), {role, agent}});
    }
    connect(role_nodes[role], nobody, static_cast<std::int64_t>(problem.penalties[role]), problem.counts[role]);
  }
  for (std::size_t agent = 0; agent < agents; agent++) connect(agent_nodes[agent], sink, 0, problem.slots[agent]);
  connect(nobody, sink, 0, wanted);
  supply[sink] = -static_cast<std::int64_t>(wanted);

  lemon::NetworkSimplex<Graph, std::int64_t, std::int64_t> simplex(graph);
  simplex.upperMap(most).costMap(cost).supplyMap(supply).run();
  Flow flow{std::vector<std::vector<std::uint32_t>>(roles), {}, {}};
  for (const auto& [arc, pair] : chosen)
    if (simplex.flow(arc) > 0) flow.holders[pair.first].push_back(pair.second);
  for (const Graph::Node node : role_nodes)
    flow.role_prices.push_back(simplex.potential(sink) - simplex.potential(node));
  for (const Graph::Node node : agent_nodes)
    flow.agent_prices.push_back(std::max<std::int64_t>(0, simplex.potential(sink) - simplex.potential(node)));
  return flow;
}

/// What of a flow fits into the capacities, and what else can be had in its place.
RoleAssignment repaired(const AssignmentProblem& problem, const Flow& flow) {
  Room room(problem);
  RoleAssignment assignment{std::vector<std::vector<std::uint32_t>>(problem.roles()), 0};
  for (std::size_t role = 0; role < problem.roles(); role++)
    for (const std::uint32_t agent : flow.holders[role]) {
      if (!room.takes(role, agent)) continue;
      room.take(role, agent);
      assignment.holders[role].push_back(agent);
    }
  fill(problem, room, assignment.holders);
  assignment.cost = cost_of(problem, assignment.holders);
  return assignment;
}

/// Raises the price of what is asked too much of, and lowers the others. False if nothing is.
bool move_prices(const AssignmentProblem& problem, const Flow& flow, std::int64_t step,
                 std::vector<std::int64_t>& prices) {
  std::vector<std::int64_t> excess(prices.size());
  for (std::size_t i = 0; i < prices.size(); i++) excess[i] = -static_cast<std::int64_t>(problem.capacities[i]);
  for (std::size_t role = 0; role < problem.roles(); role++)
    for (const std::uint32_t agent : flow.holders[role])
      for (std::size_t k = 0; k < problem.resources; k++)
        excess[agent * problem.resources + k] +=
            static_cast<std::int64_t>(problem.demands[role * problem.resources + k]);
  bool moved = false;
  for (std::size_t i = 0; i < prices.size(); i++) {
    const std::int64_t capacity = std::max<std::int64_t>(1, static_cast<std::int64_t>(problem.capacities[i]));
    const std::int64_t next = std::max<std::int64_t>(0, prices[i] + step * excess[i] / capacity);
    moved = moved || next != prices[i];
    prices[i] = next;
  }
  return moved;
}

}  // namespace

std::int64_t cost_of(const AssignmentProblem& problem, const std::vector<std::vector<std::uint32_t>>& holders) {
  std::int64_t cost = 0;
  for (std::size_t role = 0; role < problem.roles(); role++) {
    for (const std::uint32_t agent : holders[role]) cost += problem.cost(role, agent);
    cost += static_cast<std::int64_t>((problem.counts[role] - holders[role].size()) * problem.penalties[role]);
  }
  return cost;
}

std::int64_t bound_of(const AssignmentProblem& problem, const DualCertificate& prices) {
  std::int64_t bound = 0;
  for (std::size_t role = 0; role < problem.roles(); role++)
    bound += static_cast<std::int64_t>(problem.counts[role]) * prices.roles[role];
  for (std::size_t agent = 0; agent < problem.agents; agent++)
    bound -= static_cast<std::int64_t>(problem.slots[agent]) * prices.agents[agent];
  for (std::size_t i = 0; i < prices.resources.size(); i++)
    bound -= static_cast<std::int64_t>(problem.capacities[i]) * prices.resources[i];
  const std::vector<std::int64_t> costs = priced(problem, prices.resources);
  for (std::size_t role = 0; role < problem.roles(); role++)
    for (std::size_t agent = 0; agent < problem.agents; agent++) {
      const std::int64_t cost = costs[role * problem.agents + agent];
      if (cost >= 0) bound -= std::max<std::int64_t>(0, prices.roles[role] - prices.agents[agent] - cost);
    }
  return bound;
}

RoleAssignment assign_greedily(const AssignmentProblem& problem) {
  Room room(problem);
  RoleAssignment assignment{std::vector<std::vector<std::uint32_t>>(problem.roles()), 0};
  fill(problem, room, assignment.holders);
  assignment.cost = cost_of(problem, assignment.holders);
  return assignment;
}

Solution assign_optimally(const AssignmentProblem& problem) {
  Solution best;
  std::vector<std::int64_t> prices(problem.agents * problem.resources);
  std::int64_t step =
      problem.penalties.empty()
          ? 0
          : static_cast<std::int64_t>(*std::max_element(problem.penalties.begin(), problem.penalties.end()));
  for (int round = 0; round < kRelaxationsMax; round++) {
    const Flow flow = solve_flow(problem, priced(problem, prices));
    RoleAssignment found = repaired(problem, flow);
    DualCertificate certificate{0, flow.role_prices, flow.agent_prices, prices};
    certificate.bound = bound_of(problem, certificate);
    if (round == 0 || found.cost < best.assignment.cost) best.assignment = std::move(found);
    if (round == 0 || certificate.bound > best.certificate.bound) best.certificate = std::move(certificate);
    if (problem.resources == 0 || best.certificate.bound == best.assignment.cost) break;
    if (!move_prices(problem, flow, step, prices)) break;
    step = std::max<std::int64_t>(1, step * 7 / 8);
  }
  return best;
}

}  // namespace conclave

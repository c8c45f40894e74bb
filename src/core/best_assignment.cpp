#include "core/best_assignment.hpp"

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <map>
#include <stdexcept>

namespace conclave {

namespace {

using Graph = lemon::SmartDigraph;

/// Source, left, right, target, arcs of capacity 1; and an arc past all of it, so that nothing must be assigned.
class Network {
 public:
  explicit Network(const std::vector<Pairing>& pairings) : capacity_(graph_, 1), cost_(graph_, 0) {
    for (const Pairing& each : pairings) {
      if (each.gain <= 0) {
        arcs_.push_back(lemon::INVALID);
        continue;
      }
      const Graph::Arc arc = graph_.addArc(node(left_, each.left, true), node(right_, each.right, false));
      capacity_[arc] = 1;
      cost_[arc] = -each.gain;
      arcs_.push_back(arc);
    }
    units_ = static_cast<std::int64_t>(std::min(left_.size(), right_.size()));
    const Graph::Arc past = graph_.addArc(source_, target_);
    capacity_[past] = units_;
    cost_[past] = 0;
  }

  Matching solve() {
    Matching best;
    if (units_ == 0) return best;
    lemon::NetworkSimplex<Graph, std::int64_t, std::int64_t> simplex(graph_);
    simplex.upperMap(capacity_).costMap(cost_).stSupply(source_, target_, units_);
    if (simplex.run() != decltype(simplex)::OPTIMAL) throw std::logic_error("an assignment has no optimum");
    for (std::size_t i = 0; i < arcs_.size(); i++) {
      if (arcs_[i] == lemon::INVALID || simplex.flow(arcs_[i]) == 0) continue;
      best.chosen.push_back(i);
      best.gain -= cost_[arcs_[i]];
    }
    return best;
  }

 private:
  Graph::Node node(std::map<std::uint32_t, Graph::Node>& known, std::uint32_t name, bool left) {
    const auto found = known.find(name);
    if (found != known.end()) return found->second;
    const Graph::Node added = graph_.addNode();
    const Graph::Arc arc = left ? graph_.addArc(source_, added) : graph_.addArc(added, target_);
    capacity_[arc] = 1;
    cost_[arc] = 0;
    return known.emplace(name, added).first->second;
  }

  Graph graph_;
  Graph::ArcMap<std::int64_t> capacity_;
  Graph::ArcMap<std::int64_t> cost_;
  Graph::Node source_ = graph_.addNode();
  Graph::Node target_ = graph_.addNode();
  std::map<std::uint32_t, Graph::Node> left_, right_;
  std::vector<Graph::Arc> arcs_;  ///< of each pairing, or none
  std::int64_t units_ = 0;
};

}  // namespace

Matching best_assignment(const std::vector<Pairing>& pairings) {
  return Network(pairings).solve();
}

}  // namespace conclave

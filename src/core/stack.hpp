// What an agent is made of, as a plan from which any part of it can be made again: a crash that loses all state needs a
// fresh instance of what is inside it, and twins need two.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/catalog.hpp"

namespace conclave {

struct StackPlan {
  std::function<std::unique_ptr<Protocol>(const Deployment&)> protocol;
  std::vector<std::function<std::unique_ptr<Layer>(const Deployment&)>> layers;  ///< innermost first, behaviours last
};

/// The whole stack of one agent. What `deployment` refers to must outlive it. Throws std::length_error when there are
/// more than kLayersMax layers.
std::unique_ptr<Protocol> make_stack(const std::shared_ptr<const StackPlan>& plan, const Deployment& deployment);

}  // namespace conclave

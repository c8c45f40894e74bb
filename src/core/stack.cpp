#include "core/stack.hpp"

#include <stdexcept>

namespace conclave {

namespace {

std::unique_ptr<Protocol> make_part(const std::shared_ptr<const StackPlan>& plan, const Deployment& deployment,
                                    std::uint32_t height) {
  if (height == 0) return plan->protocol(deployment);
  std::unique_ptr<Layer> layer = plan->layers[height - 1](deployment);
  const auto make_inner = [plan, deployment, height](std::uint64_t instance) {
    Deployment inner = deployment;
    if (instance > 0) inner.instance = mix(inner.instance + instance);
    return make_part(plan, inner, height - 1);
  };
  layer->wrap(make_inner, height);
  return layer;
}

}  // namespace

std::unique_ptr<Protocol> make_stack(const std::shared_ptr<const StackPlan>& plan, const Deployment& deployment) {
  if (plan->layers.size() > kLayersMax) throw std::length_error("an agent has more than 127 layers and behaviours");
  return make_part(plan, deployment, static_cast<std::uint32_t>(plan->layers.size()));
}

}  // namespace conclave

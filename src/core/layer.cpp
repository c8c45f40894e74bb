#include "core/layer.hpp"

namespace conclave {

void Layer::step(const View& view, const Input& input, Outbox& out) {
  if (const auto* fired = std::get_if<TimerFired>(&input); fired && fired->key.layer == depth_)
    return on_timer(view, fired->key, out);
  if (const auto* work = std::get_if<WorkFinished>(&input); work && work->key.layer == depth_) {
    return on_work(view, *work, out);
  }
  on_input(view, input, out);
}

void Layer::forward(const View& view, const Input& input, Outbox& out) {
  Outbox wanted;
  inner_->step(view, input, wanted);
  for (const Effect& effect : wanted.effects()) on_effect(view, effect, out);
}

}  // namespace conclave

#include "core/layer.hpp"

namespace conclave {

void Layer::wrap(MakeInner make, std::uint32_t depth) {
  make_ = std::move(make);
  inner_ = make_(0);
  depth_ = depth;
}

void Layer::step(const View& view, const Input& input, Outbox& out) {
  if (const auto* fired = std::get_if<TimerFired>(&input); fired && fired->key.layer == depth_)
    return on_timer(view, fired->key, out);
  if (const auto* work = std::get_if<WorkFinished>(&input); work && work->key.layer == depth_) {
    return on_work(view, *work, out);
  }
  on_input(view, input, out);
}

void Layer::forward(Protocol& inner, const View& view, const Input& input, Outbox& out) {
  Outbox wanted;
  inner.step(view, input, wanted);
  out.spend(wanted.spent());
  for (const Effect& effect : wanted.effects()) on_effect(view, effect, out);
}

}  // namespace conclave

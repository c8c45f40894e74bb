#include "core/outbox.hpp"

#include <stdexcept>

namespace conclave {

void Outbox::put(Effect effect) {
  if (effects_.size() >= kEffectsPerStepMax)
    throw std::length_error("a protocol asked for more than 2^22 effects in one step");
  effects_.push_back(std::move(effect));
}

}  // namespace conclave

#include "core/outbox.hpp"

#include <stdexcept>

namespace conclave {

void Outbox::put(Effect effect) {
  if (effects_.size() >= kEffectsPerStepMax)
    throw std::length_error("a protocol asked for more than 2^22 effects in one step");
  // Moving a variant looks up what to do; most effects are messages.
  Send* send = std::get_if<Send>(&effect);
  send ? void(effects_.emplace_back(std::move(*send))) : effects_.push_back(std::move(effect));
}

}  // namespace conclave

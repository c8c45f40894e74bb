#include "core/event.hpp"

#include <array>

namespace conclave {

std::string_view name(EventKind kind) {
  static constexpr std::array<std::string_view, kEventKinds> kNames{
      "started", "stopped", "restarted", "requested", "sent", "delivered", "dropped", "timer", "worked", "emitted"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name(DropReason reason) {
  static constexpr std::array<std::string_view, kDropReasons> kNames{"host_off", "link_off", "loss", "partition",
                                                                     "undecodable"};
  return kNames[static_cast<std::size_t>(reason)];
}

}  // namespace conclave

// Silent: takes everything in and never says a word. What a crashed replica looks like from outside, but its timers run
// and its state goes on, so it costs the others exactly its votes.

#include <variant>

#include "core/catalog.hpp"

namespace conclave {
namespace {

class Silent final : public Layer {
 protected:
  void on_effect(const View&, const Effect& wanted, Outbox& out) override {
    if (std::holds_alternative<Send>(wanted) || std::holds_alternative<Transfer>(wanted)) return;
    out.put(wanted);
  }
};

const bool registered =
    BehaviourCatalog::add<Silent>({.name = "silent", .family = "any", .summary = "receives everything, sends nothing"});

}  // namespace
}  // namespace conclave

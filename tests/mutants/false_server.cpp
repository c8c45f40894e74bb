// A replica that helps those who have fallen behind with a state of its own making, and a true proof of another.

#include "core/catalog.hpp"
#include "protocols/consensus/pbft/messages.hpp"

namespace conclave {
namespace {

class FalseServer final : public Layer {
 protected:
  void on_effect(const View&, const Effect& wanted, Outbox& out) override {
    const auto* send = std::get_if<Send>(&wanted);
    const auto* answer = send ? send->body->as<PbftState>() : nullptr;
    if (!answer) return out.put(wanted);
    ServiceState invented = *answer->state;
    invented.history = Digest::of("invented");
    out.put(Send{send->to, share(PbftState{.stable = answer->stable, .state = share(std::move(invented))})});
  }
};

const bool registered = BehaviourCatalog::add<FalseServer>(
    {.name = "false_server", .family = "test", .summary = "answers those who fetch the state with another one"});

}  // namespace
}  // namespace conclave

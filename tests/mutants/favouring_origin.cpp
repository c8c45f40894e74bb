// An origin that wants one honest member, its favourite, to deliver and the others not to. It says its value to the
// first two only. Of its odd broadcasts it confirms the echo to the favourite alone, who is then the only honest one
// that is ready; of the even ones to both. Its ready is for the favourite.

#include "mutants/bracha_liar.hpp"

namespace conclave {
namespace {

class FavouringOrigin final : public BrachaLiar {
 public:
  FavouringOrigin(const NoOptions&, const Deployment& deployment) : BrachaLiar(deployment) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* wanted = std::get_if<Request>(&input);
    if (!wanted) return;
    const std::vector<AgentId> favourite{honest()[0]}, both{honest()[0], honest()[1]};
    const BrachaValue value{.origin = view.self, .number = wanted->number, .content = Digest::of("a favour")};
    tell<BrachaInitial>(both, value, out);
    tell<BrachaEcho>(wanted->number % 2 == 1 ? favourite : both, value, out);
    tell<BrachaReady>(favourite, value, out);
  }
};

const bool registered = BehaviourCatalog::add<FavouringOrigin>(
    {.name = "favouring_origin", .family = "test", .summary = "wants one member alone to deliver"});

}  // namespace
}  // namespace conclave

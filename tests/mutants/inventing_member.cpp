// A member that invents broadcasts of others: it says in the name of the first honest member what that never said, and
// is ready for it.

#include "mutants/bracha_liar.hpp"

namespace conclave {
namespace {

class InventingMember final : public BrachaLiar {
 public:
  InventingMember(const NoOptions&, const Deployment& deployment) : BrachaLiar(deployment) {}

 protected:
  void on_input(const View&, const Input& input, Outbox& out) override {
    const auto* wanted = std::get_if<Request>(&input);
    if (!wanted) return;
    const BrachaValue never{
        .origin = honest().front(), .number = 100 + wanted->number, .content = Digest::of("never said")};
    tell<BrachaInitial>(honest(), never, out);
    tell<BrachaEcho>(honest(), never, out);
    tell<BrachaReady>(honest(), never, out);
  }
};

const bool registered = BehaviourCatalog::add<InventingMember>(
    {.name = "inventing_member", .family = "test", .summary = "broadcasts in the name of others"});

}  // namespace
}  // namespace conclave

// An origin with two values: one for the lower half of the honest members and one for the upper half, each of which it
// confirms before that half. Later each half is told the other value as well.

#include "mutants/bracha_liar.hpp"

namespace conclave {
namespace {

class TwoFacedOrigin final : public BrachaLiar {
 public:
  TwoFacedOrigin(const NoOptions&, const Deployment& deployment) : BrachaLiar(deployment) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* wanted = std::get_if<Request>(&input);
    if (!wanted) return;
    const auto middle = honest().begin() + static_cast<std::ptrdiff_t>(honest().size() / 2);
    const std::vector<AgentId> lower(honest().begin(), middle), upper(middle, honest().end());
    const BrachaValue one{.origin = view.self, .number = wanted->number, .content = Digest::of("one")};
    const BrachaValue other{.origin = view.self, .number = wanted->number, .content = Digest::of("other")};
    confirm(lower, one, out);
    confirm(upper, other, out);
    tell<BrachaInitial>(lower, other, out);
    tell<BrachaInitial>(upper, one, out);
  }

 private:
  static void confirm(const std::vector<AgentId>& to, const BrachaValue& value, Outbox& out) {
    tell<BrachaInitial>(to, value, out);
    tell<BrachaEcho>(to, value, out);
    tell<BrachaReady>(to, value, out);
  }
};

const bool registered = BehaviourCatalog::add<TwoFacedOrigin>(
    {.name = "two_faced_origin", .family = "test", .summary = "broadcasts two values as one"});

}  // namespace
}  // namespace conclave

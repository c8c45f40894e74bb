// Impatient: its clock runs fast, so its timeouts fire long before those of others. It asks for a new view, a new
// round, a new leader again and again, each time by the book.

#include <algorithm>

#include "core/behaviour.hpp"

namespace conclave {
namespace {

class Impatient final : public Behaviour {
 public:
  struct Options : WindowOptions {
    std::uint32_t factor = 10;
    static const ParamTable& params() {
      static const auto table = window_params<Options>().add(
          "factor", &Options::factor, "its timers fire so many times sooner", {.least = 2, .most = 1'000'000});
      return table;
    }
  };
  Impatient(const Options& options, const Deployment& deployment)
      : Behaviour("impatient", deployment, options.window()), factor_(options.factor) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto* timer = std::get_if<SetTimer>(&wanted);
    if (!timer || !acts(view)) return out.put(wanted);
    inject(out, "hurried");
    out.set_timer(timer->key, std::max(timer->after / factor_, Duration(1)));
  }

 private:
  const std::int64_t factor_;
};

const bool registered = BehaviourCatalog::add<Impatient>(
    {.name = "impatient",
     .family = "consensus",
     .summary = "times out long before the others do",
     .about = "Every timer of its protocol fires `factor` times sooner, so that it wants to leave each view as soon as "
              "it has come to it. f of these must not be able to depose a leader who does its work.",
     .example = "- { behaviour: impatient, agents: \"replica[2]\", factor: 20 }"});

}  // namespace
}  // namespace conclave

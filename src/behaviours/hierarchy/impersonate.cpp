// Impersonate: a member that passes itself off as the manager of others. It takes the charter that it was given as a
// pattern, names itself as the manager and the victim as the one who is placed, and signs the appointment with the only
// key that it has.

#include "behaviours/hierarchy/messages.hpp"
#include "core/behaviour.hpp"
#include "core/field_editor.hpp"

namespace conclave {
namespace {

class Impersonate final : public Behaviour {
 public:
  struct Options : WindowOptions {
    Duration every = std::chrono::milliseconds(500);
    static const ParamTable& params() {
      static const auto table = window_params<Options>().add("every", &Options::every, "it tries another victim",
                                                             {.least = std::chrono::nanoseconds(1)});
      return table;
    }
  };
  Impersonate(const Options& options, const Deployment& deployment)
      : Behaviour("impersonate", deployment, options.window()), every_(options.every) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (std::holds_alternative<Start>(input)) out.set_timer(timer(0), every_);
    if (const auto* message = std::get_if<Message>(&input))
      if (hierarchy::is(*message->body, hierarchy::kCharter)) pattern_ = message->body;
    forward(view, input, out);
  }

  void on_timer(const View& view, TimerKey, Outbox& out) override {
    out.set_timer(timer(0), every_);
    if (!pattern_ || !acts(view)) return;
    const AgentId victim = draw_other(view);
    Forgery forgery(view, victim);
    RecordPtr forged = pattern_->type->edit(*pattern_, forgery);
    inject(out, "impersonated a manager", forged->type->name, victim);
    out.send(victim, std::move(forged));
  }

 private:
  struct Forgery final : FieldEditor {
    Forgery(const View& at, AgentId whom) : view(at), victim(whom) {}
    bool enters(const Record&) override { return !within; }
    void agent(std::string_view name, AgentId& value) override {
      if (name != "holder") return;
      // First the manager of the charter, then the one whom it places.
      if (holders++ == 0)
        value = view.self;
      else if (holders == 2)
        value = victim;
    }
    void number(std::string_view name, std::uint64_t& value) override {
      if (name == "revision") value += 1000;
    }
    const View& view;
    const AgentId victim;
    bool within = false;
    int holders = 0;
  };

  const Duration every_;
  RecordPtr pattern_;
};

const bool registered = BehaviourCatalog::add<Impersonate>(
    {.name = "impersonate",
     .family = "hierarchy",
     .summary = "places others below itself without having been appointed",
     .about =
         "Sends charters that name itself as the manager, with a higher epoch and an appointment whose signature is "
         "not the root's over it. For members that obey whoever sounds like a manager.",
     .example = "- { behaviour: impersonate, agents: \"member[12]\", every: 500ms }"});

}  // namespace
}  // namespace conclave

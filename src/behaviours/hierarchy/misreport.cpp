// Misreport: changes the results that it reports or passes on. Those of others are signed by them, so that whoever
// verifies sees it; its own it signs again.

#include "behaviours/hierarchy/messages.hpp"
#include "core/behaviour.hpp"
#include "core/field_editor.hpp"

namespace conclave {
namespace {

class Misreport final : public Behaviour {
 public:
  struct Options : WindowOptions {
    Probability share = Probability::of(1);
    static const ParamTable& params() {
      static const auto table =
          window_params<Options>().add("share", &Options::share, "of the results that it changes, drawn each time");
      return table;
    }
  };
  Misreport(const Options& options, const Deployment& deployment)
      : Behaviour("misreport", deployment, options.window()), share_(options.share) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !acts(view) || !hierarchy::is(*message->body, hierarchy::kResult) || !draws().hits(share_))
      return out.put(wanted);
    Lie lie;
    RecordPtr changed = message->body->type->edit(*message->body, lie);
    if (lie.worker == view.self) changed = view.crypto.sign_again(*changed);
    inject(out, "misreported", *message);
    out.put(with_body(wanted, std::move(changed)));
  }

 private:
  struct Lie final : FieldEditor {
    void number(std::string_view name, std::uint64_t& value) override {
      if (name == "value") value++;
    }
    void agent(std::string_view name, AgentId& value) override {
      if (name == "worker") worker = value;
    }
    AgentId worker = kNobody;
  };

  const Probability share_;
};

const bool registered = BehaviourCatalog::add<Misreport>(
    {.name = "misreport",
     .family = "hierarchy",
     .summary = "changes results on their way up",
     .about =
         "As a manager it alters what its reports have found, under signatures that do not fit any more; as a worker "
         "it signs a wrong result. For aggregation that trusts who is in the middle.",
     .example = "- { behaviour: misreport, agents: \"member[7]\", share: 10% }"});

}  // namespace
}  // namespace conclave

// Starve: deals with everyone but its victims. As a leader it never proposes what a victim client asks, whoever passes
// the request on, and as a replica it leaves its victims without its messages, so that they fall behind.

#include <algorithm>

#include "behaviours/consensus/selective.hpp"
#include "core/field_editor.hpp"

namespace conclave {
namespace {

class Starve final : public Selective {
 public:
  struct Options : WindowOptions {
    std::vector<std::string> victims;
    static const ParamTable& params() {
      static const auto table = window_params<Options>().require(
          "victims", &Options::victims, "agents that it does not deal with, such as `client[1]` or `replica[2]`");
      return table;
    }
  };
  Starve(const Options& options, const Deployment& deployment)
      : Selective("starve", deployment, options.window()), victims_(named_agents(options.victims, deployment.roster)) {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    const Value* key = written.find("victims");
    if (options.victims.empty()) diagnostics.error(key ? key->at : written.at, "`starve` has no victims", "name one");
    named_agents(options.victims, deployment.roster, &diagnostics, key);
  }

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (!message || !acts(view) || !is_victim(author(*message))) return forward(view, input, out);
    inject(out, "ignored", message->body->type->name, message->from);
  }

  bool withholds(const View&, const Record&, AgentId receiver) override { return is_victim(receiver); }

 private:
  /// Sees who has signed a record.
  struct SignerSeen final : FieldEditor {
    void own_signature(std::string_view, Signature& value) override { signer = value.signer; }
    AgentId signer = kNobody;
  };

  /// Who wrote the message: its signer, or who sent it when it bears no signature.
  static AgentId author(const Message& message) {
    SignerSeen seen;
    static_cast<void>(message.body->type->edit(*message.body, seen));
    return seen.signer == kNobody ? message.from : seen.signer;
  }
  bool is_victim(AgentId id) const { return std::find(victims_.begin(), victims_.end(), id) != victims_.end(); }

  const std::vector<AgentId> victims_;
};

const bool registered = BehaviourCatalog::add<Starve>(
    {.name = "starve",
     .family = "consensus",
     .summary = "deals with everyone but its victims",
     .about = "Ignores what its victims have signed, whoever brings it, and tells them nothing. A primary that does so "
              "to one client must be replaced for that one client's sake; a replica that is starved by the leader must "
              "learn from others what was decided.",
     .example = "- { behaviour: starve, agents: \"replica[0]\", victims: [\"client[1]\"] }"});

}  // namespace
}  // namespace conclave

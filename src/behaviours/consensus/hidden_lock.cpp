// Hidden lock: the liars see to it that one honest replica, the confidant, alone sees a quorum. It is then bound to a
// value (PBFT: prepared, Tendermint: locked, HotStuff: locked) which nobody else knows of, and whoever leads next will
// propose another. Protocols must neither let the others decide against the one that is bound, nor wait for it for
// ever.
//
// The liars give their votes, and as leaders the certificates in their proposals, to the confidant only. They need the
// help of a bad network: n - f honest replicas that hear each other are a quorum without them.

#include "behaviours/consensus/selective.hpp"

namespace conclave {
namespace {

class HiddenLock final : public Selective {
 public:
  struct Options : WindowOptions {
    std::string confidant;
    std::vector<MessageRole> roles{MessageRole::vote, MessageRole::new_view};
    static const ParamTable& params() {
      static const auto table =
          window_params<Options>()
              .require("confidant", &Options::confidant, "the replica that alone sees the quorum, such as `replica[2]`")
              .add("roles", &Options::roles, "which of its messages are for the confidant only");
      return table;
    }
  };
  HiddenLock(const Options& options, const Deployment& deployment)
      : Selective("hidden_lock", deployment, options.window()),
        confidant_(deployment.roster.agent_called(options.confidant).value_or(kNobody)),
        roles_(options.roles) {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    named_agents({options.confidant}, deployment.roster, &diagnostics, written.find("confidant"));
  }

 protected:
  bool withholds(const View&, const Record& message, AgentId receiver) override {
    const std::optional<MessageRole> role = role_of(message);
    return role && receiver != confidant_ && std::find(roles_.begin(), roles_.end(), *role) != roles_.end();
  }

 private:
  const AgentId confidant_;
  const std::vector<MessageRole> roles_;
};

const bool registered = BehaviourCatalog::add<HiddenLock>(
    {.name = "hidden_lock",
     .family = "consensus",
     .summary = "lets one replica alone see a quorum",
     .about = "Votes and words of new views go to the confidant only, so that with a slow or broken network it alone "
              "is bound to a value. The attack on protocols that forget to ask for locks (liveness), or that let a "
              "lock go too easily (agreement). Add `proposal` to `roles` where proposals carry the certificates.",
     .example = "- { behaviour: hidden_lock, agents: \"replica[3]\", confidant: \"replica[1]\", until: 2s }"});

}  // namespace
}  // namespace conclave

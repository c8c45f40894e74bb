// Withhold votes: proposes, answers and listens like anyone, but casts no vote, or votes only before some. Where f of n
// do so, the honest are just a quorum, and the slowest of them decides how fast everybody is.

#include <algorithm>

#include "behaviours/consensus/selective.hpp"

namespace conclave {
namespace {

class WithholdVotes final : public Selective {
 public:
  struct Options : WindowOptions {
    std::vector<std::string> except;
    static const ParamTable& params() {
      static const auto table = window_params<Options>().add(
          "except", &Options::except, "agents that get its votes all the same, such as `replica[2]`");
      return table;
    }
  };
  WithholdVotes(const Options& options, const Deployment& deployment)
      : Selective("withhold_votes", deployment, options.window()),
        except_(named_agents(options.except, deployment.roster)) {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    named_agents(options.except, deployment.roster, &diagnostics, written.find("except"));
  }

 protected:
  bool withholds(const View&, const Record& message, AgentId receiver) override {
    return role_of(message) == MessageRole::vote &&
           std::find(except_.begin(), except_.end(), receiver) == except_.end();
  }

 private:
  const std::vector<AgentId> except_;
};

const bool registered = BehaviourCatalog::add<WithholdVotes>(
    {.name = "withhold_votes",
     .family = "consensus",
     .summary = "casts no votes, or only before some",
     .about = "Its votes, in every phase, reach nobody but `except`; all else it does as it should. f of these cost no "
              "safety and, with n >= 3f + 1, no progress: but the slowest honest replica is now in every quorum.",
     .example = "- { behaviour: withhold_votes, agents: \"replica[3]\", except: [\"replica[1]\"] }"});

}  // namespace
}  // namespace conclave

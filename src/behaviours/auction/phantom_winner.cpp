// Phantom winner: an agent of CBBA that relays a huge bid of another agent, which has never made it, and says that it
// heard so just now. The others believe that those tasks are taken. Nothing in CBBA is signed but by its sender, so
// nobody can tell.

#include "behaviours/auction/bidding.hpp"

namespace conclave {
namespace {

class PhantomWinner final : public Behaviour {
 public:
  struct Options : MessageOptions {
    std::string winner;
    std::uint32_t tasks = 1;
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>()
              .require("winner", &Options::winner, "the agent in whose name it speaks, such as `robot[0]`")
              .add("tasks", &Options::tasks, "how many of the tasks it says this of, from the first", {.least = 1});
      return table;
    }
  };
  PhantomWinner(const Options& options, const Deployment& deployment)
      : Behaviour("phantom_winner", deployment, options),
        winner_(deployment.roster.agent_called(options.winner).value_or(kNobody)),
        tasks_(options.tasks) {}
  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    if (!deployment.roster.agent_called(options.winner))
      diagnostics.error(written.at, "no agent is called `" + options.winner + "`",
                        "expected a name such as `robot[0]`");
  }

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto table = sent_in<BundleTable>(wanted);
    if (!table || !view.peers.contains(winner_) || !strikes(view, *table)) return out.put(wanted);
    BundleTable changed = *table;
    for (std::size_t task = 0; task < changed.bids.size() && task < tasks_; task++) {
      changed.bids[task] = kMillionthsMax;
      changed.winners[task] = winner_;
    }
    if (view.peers.rank(winner_) < changed.heard.size()) changed.heard[view.peers.rank(winner_)] = view.now;
    inject(out, "made up a winner", BundleTable::kName);
    out.put(with_body(wanted, share(std::move(changed))));
  }

 private:
  const AgentId winner_;
  const std::uint32_t tasks_;
};

const bool registered = BehaviourCatalog::add<PhantomWinner>(
    {.name = "phantom_winner",
     .family = "auction",
     .summary = "in CBBA, relays a huge bid that another agent has never made",
     .about =
         "Its tables say that `winner` has outbid everybody for the first `tasks` tasks. Those are left to an agent "
         "that knows nothing of it, or that does not want them: nobody does them.",
     .example = "- { behaviour: phantom_winner, agents: \"replica[3]\", winner: \"replica[0]\" }"});

}  // namespace
}  // namespace conclave

// No-show: bids and wins, and is not there when it should begin. Either it never answers the award, or it accepts and
// then does nothing. Both must be noticed in bounded time and the task awarded to the next.

#include "behaviours/auction/bidding.hpp"

namespace conclave {

/// When it is missing.
enum class Stage { award, start };
template <>
struct Choices<Stage> {
  static constexpr std::pair<Stage, std::string_view> kNames[] = {{Stage::award, "award"}, {Stage::start, "start"}};
};

namespace {

class NoShow final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Stage stage = Stage::start;
    static const ParamTable& params() {
      static const auto table = message_params<Options>().add(
          "stage", &Options::stage, "award: it never answers; start: it accepts and then does nothing");
      return table;
    }
  };
  NoShow(const Options& options, const Deployment& deployment)
      : Behaviour("no_show", deployment, options), stage_(options.stage) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* award = received_in<Award>(input);
    const bool offered = award && (stage_ == Stage::award || !award->acknowledged);
    const bool started = received_in<ContractStart>(input) && stage_ == Stage::start;
    if ((!offered && !started) || !strikes(view, *std::get<Message>(input).body)) return forward(view, input, out);
    inject(out, "did not show up", std::get<Message>(input).body->type->name, std::get<Message>(input).from);
  }

 private:
  const Stage stage_;
};

const bool registered = BehaviourCatalog::add<NoShow>(
    {.name = "no_show",
     .family = "auction",
     .summary = "wins and then does not answer, or does not begin",
     .about =
         "It ignores awards, or the start of contracts that it has accepted. The auctioneer must notice, learn, and "
         "award the task again.",
     .example = "- { behaviour: no_show, agents: \"replica[3]\", stage: award, probability: 50% }"});

}  // namespace
}  // namespace conclave

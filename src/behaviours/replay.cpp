// Replay: remembers messages that it has sent or received, and sends them again, whenever and to whomever it likes. The
// signatures in them are as good as when they were new, so what protects is that messages say which run, view, round or
// request they are of.

#include <vector>

#include "core/behaviour.hpp"

namespace conclave {
namespace {

enum class ReplayOf { sent, received, both };
enum class ReplayTo { group, anyone };

/// Messages that one agent can be told to remember.
constexpr std::uint32_t kMemoryMax = 65'536;

}  // namespace

template <>
struct Choices<ReplayOf> {
  static constexpr std::pair<ReplayOf, std::string_view> kNames[] = {
      {ReplayOf::sent, "sent"}, {ReplayOf::received, "received"}, {ReplayOf::both, "both"}};
};
template <>
struct Choices<ReplayTo> {
  static constexpr std::pair<ReplayTo, std::string_view> kNames[] = {{ReplayTo::group, "group"},
                                                                     {ReplayTo::anyone, "anyone"}};
};

namespace {

class Replay final : public Behaviour {
 public:
  struct Options : MessageOptions {
    ReplayOf of = ReplayOf::both;
    ReplayTo to = ReplayTo::group;
    std::uint32_t memory = 64;
    Options() { probability = Probability::of(0.125); }
    static const ParamTable& params() {
      static const auto table = message_params<Options>()
                                    .add("of", &Options::of, "which messages it remembers")
                                    .add("to", &Options::to, "whom it sends them to: its group, or anyone in the run")
                                    .add("memory", &Options::memory, "messages that it remembers, the latest ones",
                                         {.least = 1, .most = kMemoryMax});
      return table;
    }
  };
  Replay(const Options& options, const Deployment& deployment)
      : Behaviour("replay", deployment, options), of_(options.of), to_(options.to), memory_(options.memory) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (message && of_ != ReplayOf::sent) remember(message->body);
    forward(view, input, out);
    // One chance after each input, so that a busy agent replays more.
    if (remembered_.empty()) return;
    const RecordPtr& again = remembered_[draws().below(remembered_.size())];
    if (!strikes(view, *again)) return;
    const AgentId to = draw_other(view, to_ == ReplayTo::anyone);
    if (to == view.self) return;
    inject(out, "replayed", again->type->name, to);
    out.send(to, again);
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    if (const std::optional<Outgoing> message = outgoing(view, wanted); message && of_ != ReplayOf::received)
      remember(message->body);
    out.put(wanted);
  }

 private:
  void remember(const RecordPtr& body) {
    if (!selects(*body)) return;
    if (remembered_.size() < memory_) return remembered_.push_back(body);
    remembered_[oldest_] = body;
    oldest_ = (oldest_ + 1) % memory_;
  }

  const ReplayOf of_;
  const ReplayTo to_;
  const std::uint32_t memory_;
  std::vector<RecordPtr> remembered_;  ///< a ring once it is full
  std::size_t oldest_ = 0;
};

const bool registered = BehaviourCatalog::add<Replay>(
    {.name = "replay",
     .family = "any",
     .summary = "sends old messages of its own and of others again",
     .about = "It remembers the last `memory` messages that it has sent or received, and after each input sends, with "
              "`probability`, one of them again to an agent that it draws. Their signatures are genuine. For duplicate "
              "suppression, and for whether messages are bound to their view, round, sender and request.",
     .example = "- { behaviour: replay, agents: \"replica[3]\", probability: 20%, memory: 100, to: anyone }"});

}  // namespace
}  // namespace conclave

// Replay after the window: sends its messages again when so many others have gone by that a receiver with a bounded
// memory may have forgotten them. Who then takes them for new hands them over twice.

#include <deque>

#include "core/behaviour.hpp"
#include "core/delivery_messages.hpp"

namespace conclave {
namespace {

class ReplayLate final : public Behaviour {
 public:
  struct Options : MessageOptions {
    std::uint32_t after = 2000;
    static const ParamTable& params() {
      static const auto table = message_params<Options>().add(
          "after", &Options::after, "messages that go by in between", {.least = 1, .most = 1'000'000});
      return table;
    }
  };
  ReplayLate(const Options& options, const Deployment& deployment)
      : Behaviour("replay_late", deployment, options), after_(options.after) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    out.put(wanted);
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !message->body->as<DeliveryEnvelope>()) return;
    sent_.push_back(wanted);
    if (sent_.size() <= after_) return;
    const Effect old = std::move(sent_.front());
    sent_.pop_front();
    if (!strikes(view, *message->body)) return;
    inject(out, "replayed", *outgoing(view, old));
    out.put(old);
  }

 private:
  const std::uint32_t after_;
  std::deque<Effect> sent_;  ///< its last messages, not more than after_ + 1
};

const bool registered = BehaviourCatalog::add<ReplayLate>(
    {.name = "replay_late",
     .family = "delivery",
     .summary = "sends its messages again when their receivers may have forgotten them",
     .about = "Remembers what it sends with a numbering layer and sends each message again, unchanged, after `after` "
              "others. A window without a low watermark forgets what it has had and takes it for new; one with a "
              "watermark refuses everything below, however old.",
     .example = "- { behaviour: replay_late, agents: \"replica[3]\", after: 5000 }"});

}  // namespace
}  // namespace conclave

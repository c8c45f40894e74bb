// Witness: gives each message of any protocol a true name, so that checkers of delivery can follow it through the
// layers outside of this one. Innermost of the layers: `stack: [exactly_once, causal, witness, pbft]`. It measures and
// changes nothing but the size of messages, by 24 bytes.

#include "core/catalog.hpp"
#include "core/delivery_events.hpp"
#include "core/delivery_messages.hpp"
#include "core/hash.hpp"
#include "protocols/delivery/label.hpp"

namespace conclave {
namespace {

class Witness final : public Layer {
 public:
  Witness(const NoOptions&, const Deployment&) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (std::holds_alternative<Start>(input)) life_ = static_cast<std::uint64_t>(nanoseconds(view.now));
    const auto* message = std::get_if<Message>(&input);
    if (!message) return forward(view, input, out);
    if (const auto* seal = message->body->as<WitnessSeal>(); seal && seal->body && message->from != view.self)
      return on_seal(view, message->from, *seal, out);
    const auto* notice = message->body->as<DeliveryNotice>();
    notice && message->from == view.self ? on_notice(view, *notice, out) : forward(view, input, out);
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto* send = std::get_if<Send>(&wanted);
    if (!send || (send->to.is_one() && send->to.only() == view.self)) return out.put(wanted);
    WitnessSeal seal;
    seal.life = life_;
    seal.number = ++number_;
    seal.content = hash64(send->body->encode().bytes);
    seal.body = send->body;
    MessageSubmitted submitted;
    submitted.life = life_;
    submitted.number = number_;
    submitted.to = Addressees::of(send->to);
    submitted.content = seal.content;
    out.emit(std::move(submitted));
    out.put(Send{send->to, share(std::move(seal))});
  }

 private:
  void on_seal(const View& view, AgentId from, const WitnessSeal& seal, Outbox& out) {
    MessageReceived received;
    received.message = {from, seal.life, seal.number};
    received.content = hash64(seal.body->encode().bytes);
    out.emit(std::move(received));
    forward(view, Message{from, seal.body}, out);
  }

  void on_notice(const View& view, const DeliveryNotice& notice, Outbox& out) {
    const auto* seal = notice.body->as<WitnessSeal>();
    if (!seal) return forward(view, Message{view.self, share(notice)}, out);
    MessageSettled settled;
    settled.life = seal->life;
    settled.number = seal->number;
    settled.to = notice.to;
    settled.state = notice.state;
    settled.attempts = notice.attempts;
    out.emit(std::move(settled));
    DeliveryNotice unsealed = notice;
    unsealed.body = seal->body;
    forward(view, Message{view.self, share(std::move(unsealed))}, out);
  }

  std::uint64_t life_ = 0;
  std::uint64_t number_ = 0;
};

const bool registered = LayerCatalog::add<Witness>(
    {.name = "witness",
     .family = "delivery",
     .summary = "names messages of any protocol, for the checkers of delivery",
     .about =
         "Innermost of the layers, around the protocol: it tells in the trace which messages the protocol sent and "
         "which it got, under names that no other layer gives. `no_duplication`, `conservation`, `causal_order` "
         "and the other checkers of delivery go by these.",
     .example = "- { group: replica, count: 4, stack: [exactly_once, witness, pbft] }"});

}  // namespace
}  // namespace conclave

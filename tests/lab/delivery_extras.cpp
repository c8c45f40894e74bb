// Protocols of the tests of delivery layers.

#include "core/catalog.hpp"
#include "core/delivery_messages.hpp"
#include "protocols/delivery/label.hpp"

namespace conclave {
namespace {

/// Sends an item to the next agent for each request; when it restarts, it asks for the states of all its tokens and the
/// one after them, and emits the answers.
class Asker final : public Protocol {
 public:
  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input, [&](const Request&) { out.send(agent(index(view.self) + 1), share(TrafficItem{})), tokens_++; },
        [&](const Restarted&) {
          for (std::uint64_t token = 1; token <= tokens_ + 1; token++) {
            DeliveryQuery query;
            query.token = token;
            out.send(view.self, share(std::move(query)));
          }
        },
        [&](const Message& message) {
          if (const auto* state = message.body->as<DeliveryState>()) out.emit(*state);
        });
  }

 private:
  std::uint64_t tokens_ = 0;
};

/// Acknowledges to agent 0, again and again, what it cannot have received.
class Acker final : public Protocol {
 public:
  void step(const View& view, const Input& input, Outbox& out) override {
    if (std::holds_alternative<Start>(input)) out.set_timer({}, std::chrono::milliseconds(100));
    if (!std::holds_alternative<TimerFired>(input)) return;
    const bool receiver = index(view.self) == 1;
    for (const std::uint64_t what : {0, 1, 2}) {
      DeliveryAck ack;
      ack.sequence = what == 0 && receiver ? 2 : 1;  // a number that was not sent
      ack.attempt = what == 1 || !receiver ? 5 : 1;  // an attempt that was not made
      ack.low = what == 2 ? 1000 : 0;                // everything up to a number that was not sent
      ack.credit = 1;
      out.send(agent(0), share(std::move(ack)));
    }
  }
};

const bool registered =
    ProtocolCatalog::add<Asker>({.name = "test_asker", .family = "any", .summary = "asks for tokens"}) &&
    ProtocolCatalog::add<Acker>({.name = "test_acker", .family = "any", .summary = "acknowledges what it never got"});

}  // namespace
}  // namespace conclave

// A toy protocol on which the lab itself is tested. Each request goes out as a ping to the whole group and comes back
// as pongs; a timer repeats what nobody answered. A request with a payload of one byte computes instead, and one with
// a larger payload moves that much bulk data. With `endless` a pong is answered by another ping.

#include "core/catalog.hpp"

namespace conclave {
namespace {

struct TestPing : RecordOf<TestPing> {
  static constexpr std::string_view kName = "test_ping";
  std::uint64_t number = 0;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("number", self.number);
    field("signature", self.signature);
  }
};

struct TestPong : RecordOf<TestPong> {
  static constexpr std::string_view kName = "test_pong";
  std::uint64_t number = 0;
  static void fields(auto& self, auto& field) { field("number", self.number); }
};

struct TestEcho : RecordOf<TestEcho> {
  static constexpr std::string_view kName = "test_echo";
  std::uint64_t number = 0;
  AgentId by = kNobody;
  static void fields(auto& self, auto& field) {
    field("number", self.number);
    field("by", self.by);
  }
};

class Echo final : public Protocol {
 public:
  struct Options {
    Duration patience = std::chrono::milliseconds(10);
    bool endless = false;
    static const ParamTable& params() {
      static const auto table = Params<Options>()
                                    .add("patience", &Options::patience, "time to wait for an answer",
                                         {.least = std::chrono::milliseconds(1), .most = std::chrono::seconds(1)})
                                    .add("endless", &Options::endless, "ping again after every pong");
      return table;
    }
  };

  Echo(const Options& options, const Deployment&) : options_(options) {}

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input, [&](const Request& wanted) { on_request(view, wanted, out); },
        [&](const Message& message) { on_message(view, message, out); },
        [&](const TimerFired& fired) { ping(view, fired.key.id, out); },
        [&](const WorkFinished& work) {
          if (work.completed) out.emit(TestEcho{.number = work.key.id, .by = view.self});
        });
  }

 private:
  enum Timers : std::uint32_t { kAnswer = 1 };

  void on_request(const View& view, const Request& wanted, Outbox& out) {
    const WorkKey key{.id = wanted.number};
    if (wanted.payload_bytes == 0) return ping(view, wanted.number, out);
    if (wanted.payload_bytes == 1) return out.compute(key, 1000);
    out.transfer(key, view.peers[0], wanted.payload_bytes, share(TestPong{.number = wanted.number}));
  }

  void ping(const View& view, std::uint64_t number, Outbox& out) {
    out.broadcast(view.peers, view.crypto.sign(TestPing{.number = number}));
    out.set_timer({.name = kAnswer, .id = number}, options_.patience);
  }

  void on_message(const View& view, const Message& message, Outbox& out) {
    if (const auto* asked = message.body->as<TestPing>(); asked && view.crypto.verify(*asked, message.from))
      out.send(message.from, share(TestPong{.number = asked->number}));
    if (const auto* answer = message.body->as<TestPong>()) {
      out.cancel_timer({.name = kAnswer, .id = answer->number});
      out.emit(TestEcho{.number = answer->number, .by = message.from});
      if (options_.endless) ping(view, answer->number, out);
    }
  }

  const Options options_;
};

const bool registered = ProtocolCatalog::add<Echo>(
    {.name = "test_echo", .family = "any", .summary = "answers pings, for tests of the lab"});

/// Ticks, to show that layers have timers of their own.
class Metronome final : public Layer {
 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (std::holds_alternative<Start>(input)) out.set_timer(timer(1), std::chrono::milliseconds(5));
    forward(view, input, out);
  }
  void on_timer(const View& view, TimerKey key, Outbox& out) override {
    out.emit(TestEcho{.number = 0, .by = view.self});
    out.set_timer(key, std::chrono::milliseconds(5));
  }
};

const bool layer_registered =
    LayerCatalog::add<Metronome>({.name = "test_metronome", .family = "any", .summary = "ticks, for tests of the lab"});

}  // namespace
}  // namespace conclave

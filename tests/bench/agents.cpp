// Agents that do nothing but make traffic. Like tests/engine/stage.cpp's, they are in no catalog but this program's.

#include <algorithm>

#include "core/catalog.hpp"
#include "core/codec.hpp"
#include "core/protocol.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;

/// 200 bytes on the wire when the scenario says `header: 0B`.
struct BenchNote : RecordOf<BenchNote> {
  static constexpr std::string_view kName = "bench_note";
  std::uint32_t number = 0;
  Filler filler{188};
  static void fields(auto& self, auto& field) {
    field("number", self.number);
    field("filler", self.filler);
  }
};

RecordPtr note(std::uint32_t number) {
  return share(BenchNote{.number = number});
}

/// How much of it, under a name of its own for each protocol.
template <const char* kKey, const char* kMeaning>
struct Amount {
  std::uint32_t amount = 1;
  static const ParamTable& params() {
    static const auto table = Params<Amount>().add(kKey, &Amount::amount, kMeaning);
    return table;
  }
};

/// Rounds of votes: everybody tells everybody, and goes on when it has heard from all others.
constexpr char kRounds[] = "rounds", kRoundsMeaning[] = "rounds of votes";
class BenchRounds final : public Protocol {
 public:
  using Options = Amount<kRounds, kRoundsMeaning>;
  BenchRounds(const Options& options, const Deployment&) : rounds_(options.amount) {}

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input, [&](const Start&) { out.broadcast(view.peers, note(round_)); },
        [&](const Message& message) { on_vote(view, *message.body->as<BenchNote>(), out); });
  }

 private:
  void on_vote(const View& view, const BenchNote& vote, Outbox& out) {
    votes_[vote.number % 2]++;  // nobody is more than one round ahead: it would lack this agent's vote
    if (votes_[round_ % 2] < view.peers.count - 1) return;
    votes_[round_ % 2] = 0;
    if (++round_ < rounds_) out.broadcast(view.peers, note(round_));
  }

  const std::uint32_t rounds_;
  std::uint32_t round_ = 0;
  std::uint32_t votes_[2] = {0, 0};
};

/// Asks the others, one after the other, and answers them. Even numbers are questions, odd ones answers.
constexpr char kQuestions[] = "questions", kQuestionsMeaning[] = "questions that each agent asks";
class BenchAsk final : public Protocol {
 public:
  using Options = Amount<kQuestions, kQuestionsMeaning>;
  BenchAsk(const Options& options, const Deployment&) : questions_(options.amount) {}

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input, [&](const Start&) { ask(view, out); },
        [&](const Message& message) {
          const std::uint32_t number = message.body->as<BenchNote>()->number;
          if (number % 2 == 0) return out.send(message.from, note(number + 1));
          if (asked_ < questions_) ask(view, out);
        });
  }

 private:
  void ask(const View& view, Outbox& out) {
    const std::uint32_t step = 1 + asked_ % (view.peers.count - 1);
    out.send(view.peers[(view.peers.rank(view.self) + step) % view.peers.count], note(2 * asked_));
    asked_++;
  }

  const std::uint32_t questions_;
  std::uint32_t asked_ = 0;
};

/// Sets timers within the next second and cancels every other one.
constexpr char kTimers[] = "timers", kTimersMeaning[] = "timers that each agent sets";
class BenchTimers final : public Protocol {
 public:
  using Options = Amount<kTimers, kTimersMeaning>;
  BenchTimers(const Options& options, const Deployment&) : timers_(options.amount) {}

  void step(const View& view, const Input& input, Outbox& out) override {
    match(input, [&](const Start&) {
      for (std::uint32_t i = 0; i < timers_; i++) {
        out.set_timer({.id = i}, Duration(1 + view.random.below(Duration(1s).count())));
      }
      for (std::uint32_t i = 1; i < timers_; i += 2) out.cancel_timer({.id = i});
    });
  }

 private:
  const std::uint32_t timers_;
};

/// Tells what it hears for the first time to eight others, drawn at random.
constexpr char kRumours[] = "rumours", kRumoursMeaning[] = "rumours, each of which begins at an agent of its own";
class BenchGossip final : public Protocol {
 public:
  using Options = Amount<kRumours, kRumoursMeaning>;
  BenchGossip(const Options& options, const Deployment&) : rumours_(std::min(options.amount, 64u)) {}

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input,
        [&](const Start&) {
          if (view.peers.rank(view.self) < rumours_)
            hear(view, view.peers.rank(view.self), note(index(view.self)), out);
        },
        [&](const Message& message) { hear(view, message.body->as<BenchNote>()->number, message.body, out); });
  }

 private:
  static constexpr int kFanout = 8;

  void hear(const View& view, std::uint32_t rumour, const RecordPtr& body, Outbox& out) {
    const std::uint64_t bit = std::uint64_t{1} << rumour;
    if (heard_ & bit) return;
    heard_ |= bit;
    for (int i = 0; i < kFanout; i++) out.send(view.peers[view.random.below(view.peers.count)], body);
  }

  const std::uint32_t rumours_;
  std::uint64_t heard_ = 0;
};

class BenchIdle final : public Protocol {
 public:
  void step(const View&, const Input&, Outbox&) override {}
};

const bool registered =
    ProtocolCatalog::add<BenchRounds>({.name = "bench_rounds", .family = "any", .summary = "rounds of votes"}) &&
    ProtocolCatalog::add<BenchAsk>({.name = "bench_ask", .family = "any", .summary = "questions and answers"}) &&
    ProtocolCatalog::add<BenchTimers>({.name = "bench_timers", .family = "any", .summary = "sets timers"}) &&
    ProtocolCatalog::add<BenchGossip>({.name = "bench_gossip", .family = "any", .summary = "spreads rumours"}) &&
    ProtocolCatalog::add<BenchIdle>({.name = "bench_idle", .family = "any", .summary = "does nothing"});

}  // namespace
}  // namespace conclave

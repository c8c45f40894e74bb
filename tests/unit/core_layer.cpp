// Layers see what comes in and what goes out, in the right order, and their timers stay their own.

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/layer.hpp"

namespace conclave {
namespace {

struct TestWord : RecordOf<TestWord> {
  static constexpr std::string_view kName = "test_word";
  std::string word;
  static void fields(auto& self, auto& field) { field("word", self.word); }
};

/// Emits what it is given: "start", "timer 7".
class Innermost final : public Protocol {
 public:
  void step(const View&, const Input& input, Outbox& out) override {
    match(
        input, [&](const Start&) { out.set_timer({.name = 1}, Duration(1)), out.emit(TestWord{.word = "start"}); },
        [&](const Request& request) { out.emit(TestWord{.word = "request " + std::to_string(request.number)}); },
        [&](const TimerFired& fired) { out.emit(TestWord{.word = "timer " + std::to_string(fired.key.name)}); });
  }
};

/// Puts its mark around every word, sets a timer of its own at the start, and swallows request 13.
class Mark final : public Layer {
 public:
  explicit Mark(char mark) : mark_(mark) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (std::holds_alternative<Start>(input)) out.set_timer(timer(1), Duration(1));
    if (const auto* request = std::get_if<Request>(&input); request && request->number == 13) return;
    forward(view, input, out);
  }
  void on_effect(const View&, const Effect& wanted, Outbox& out) override {
    const auto* emit = std::get_if<Emit>(&wanted);
    const auto* word = emit ? emit->event->as<TestWord>() : nullptr;
    if (!word) return out.put(wanted);
    out.emit(TestWord{.word = mark_ + word->word + mark_});
  }
  void on_timer(const View&, TimerKey key, Outbox& out) override {
    out.emit(TestWord{.word = std::string("own timer of ") + mark_ + " " + std::to_string(key.layer)});
  }

 private:
  const char mark_;
};

/// A layer that changes nothing.
class Plain final : public Layer {};

/// Steps a protocol and collects what it emits and which timers it sets.
class Bench {
 public:
  explicit Bench(std::unique_ptr<Protocol> protocol) : protocol_(std::move(protocol)) { roster_.add("a", 1, "test"); }

  void step(const Input& input) {
    Outbox out;
    words.clear();
    protocol_->step({agent(0), kStartOfRun, roster_.groups()[0].agents, roster_, random_, crypto_}, input, out);
    for (const Effect& effect : out.effects()) {
      if (const auto* emit = std::get_if<Emit>(&effect)) words.push_back(emit->event->as<TestWord>()->word);
      if (const auto* timer = std::get_if<SetTimer>(&effect)) timers.push_back(timer->key);
    }
  }

  std::vector<std::string> words;
  std::vector<TimerKey> timers;

 private:
  std::unique_ptr<Protocol> protocol_;
  Roster roster_;
  KeyRing keys_{SignatureScheme::modelled, 1, 1};
  Random random_{Stream(1, "test")};
  Crypto crypto_{keys_, agent(0), {}};
};

std::unique_ptr<Protocol> around(std::unique_ptr<Layer> layer, const Layer::MakeInner& make, std::uint32_t depth) {
  layer->wrap(make, depth);
  return layer;
}

std::unique_ptr<Protocol> innermost(std::uint64_t) {
  return std::make_unique<Innermost>();
}

std::unique_ptr<Protocol> two_layers() {
  const auto inner = [](std::uint64_t) { return around(std::make_unique<Mark>('('), innermost, 1); };
  return around(std::make_unique<Mark>('['), inner, 2);
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a layer without hooks changes nothing") {
  Bench bench(around(std::make_unique<Plain>(), innermost, 1));
  bench.step(Start{});
  CHECK(bench.words == Words{"start"});
  bench.step(TimerFired{{.name = 1}});
  CHECK(bench.words == Words{"timer 1"});
  bench.step(TimerFired{{.name = 1, .layer = 1}});
  CHECK(bench.words.empty());
}

TEST_CASE("effects pass through every layer on their way out") {
  Bench bench(two_layers());
  bench.step(Request{1, 0});
  CHECK(bench.words == Words{"[(request 1(["});
}

TEST_CASE("what a layer swallows is not seen inside") {
  Bench bench(two_layers());
  bench.step(Request{13, 0});
  CHECK(bench.words.empty());
}

TEST_CASE("timers of the same name are kept apart by depth, and each fires where it was set") {
  Bench bench(two_layers());
  bench.step(Start{});
  CHECK(bench.timers == std::vector<TimerKey>{{.name = 1, .layer = 2}, {.name = 1, .layer = 1}, {.name = 1}});
  bench.step(TimerFired{bench.timers[0]});
  CHECK(bench.words == Words{"own timer of [ 2"});
  bench.step(TimerFired{bench.timers[1]});
  CHECK(bench.words == Words{"[own timer of ( 1["});
  bench.step(TimerFired{bench.timers[2]});
  CHECK(bench.words == Words{"[(timer 1(["});
}

}  // namespace conclave

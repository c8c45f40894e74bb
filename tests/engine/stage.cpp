#include "engine/stage.hpp"

#include <doctest/doctest.h>

#include "core/catalog.hpp"
#include "source_dir.hpp"

namespace conclave::stage {

namespace {

Act current_act;

class TestActor final : public Protocol {
 public:
  void step(const View& view, const Input& input, Outbox& out) override { current_act(view, input, out); }
};

const bool registered =
    ProtocolCatalog::add<TestActor>({.name = "test_actor", .family = "any", .summary = "does what the test says"});

class Recorder final : public Observer {
 public:
  explicit Recorder(std::vector<Event>& events) : events_(events) {}
  EventKinds interests() const override { return EventKinds::all(); }
  void observe(const Event& event) override { events_.push_back(event); }

 private:
  std::vector<Event>& events_;
};

std::string complete(std::string yaml) {
  for (const char* line : {"title: test\n", "seed: 1\n", "stop_at: 1h\n"}) {
    const std::string key(line, std::string_view(line).find(':') + 1);
    if (yaml.rfind(key, 0) != 0 && yaml.find("\n" + key) == std::string::npos) yaml += line;
  }
  return yaml;
}

}  // namespace

RecordPtr parcel(std::uint32_t bytes, std::uint32_t label) {
  return share(Parcel{.label = label, .filler = {bytes - 12}});
}

std::vector<Event> Recording::of(EventKind kind, std::uint32_t agent) const {
  std::vector<Event> found;
  for (const Event& event : events)
    if (event.kind == kind && index(event.agent) == agent) found.push_back(event);
  return found;
}

Recording play(const std::string& yaml, Act act) {
  return play(yaml, std::move(act), {});
}

Recording play(const std::string& yaml, Act act, std::function<bool(Time)> poll, unsigned threads) {
  current_act = std::move(act);
  const Loaded loaded =
      load_scenario_text(complete(yaml), source_dir() + "/tests/engine/test.yaml");
  REQUIRE_MESSAGE(loaded.scenario.has_value(), loaded.errors);
  Recording recording;
  Recorder recorder(recording.events);
  Run run(*loaded.scenario);
  recording.result = run.start({.observers = {&recorder}, .poll = std::move(poll), .threads = threads});
  return recording;
}

std::string refusal(const std::string& yaml) {
  const Loaded loaded =
      load_scenario_text(complete(yaml), source_dir() + "/tests/engine/test.yaml");
  if (!loaded.scenario) return loaded.errors;
  try {
    Run run(*loaded.scenario);
  } catch (const PlatformError& error) {
    return error.what();
  }
  return {};
}

}  // namespace conclave::stage

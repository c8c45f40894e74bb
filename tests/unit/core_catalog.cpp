// Catalogs: choosing components by name, and what every registered component owes its users.

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "core/catalog.hpp"

namespace conclave {
namespace {

struct TestCatalogWord : RecordOf<TestCatalogWord> {
  static constexpr std::string_view kName = "test_catalog_word";
  std::uint32_t times = 0;
  std::uint32_t self = 0;
  static void fields(auto& self, auto& field) {
    field("times", self.times);
    field("self", self.self);
  }
};

/// Emits its option and its name when it starts.
class Configurable final : public Protocol {
 public:
  struct Options {
    std::uint32_t times = 2;
    static const ParamTable& params() {
      static const auto table = Params<Options>().add("times", &Options::times, "how often", {.least = 1});
      return table;
    }
  };

  Configurable(const Options& options, const Deployment& deployment)
      : times_(options.times), self_(index(deployment.self)) {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    if (options.times > deployment.group.agents.count) diagnostics.error(written.at, "more often than agents");
  }

  void step(const View&, const Input&, Outbox& out) override {
    out.emit(TestCatalogWord{.times = times_, .self = self_});
  }

 private:
  std::uint32_t times_;
  std::uint32_t self_;
};

const bool registered = ProtocolCatalog::add<Configurable>(
    {.name = "test_configurable", .family = "any", .summary = "says its option, for tests of catalogs"});

Roster roster_of(std::uint32_t count) {
  Roster roster;
  roster.add("a", count, "test_configurable");
  return roster;
}

const TestCatalogWord& first_word(const Outbox& out) {
  return *std::get<Emit>(out.effects().at(0)).event->as<TestCatalogWord>();
}

}  // namespace

TEST_CASE("a component is known by its name, in its own catalog") {
  CHECK(ProtocolCatalog::has("test_configurable"));
  CHECK(!ProtocolCatalog::has("test_configurabl"));
  CHECK(!LayerCatalog::has("test_configurable"));
  const std::vector<std::string> names = ProtocolCatalog::names();
  CHECK(std::is_sorted(names.begin(), names.end()));
}

TEST_CASE("a configured component can be made any number of times") {
  Value written = Value::map();
  written.set("times", Value::scalar("3"));
  Diagnostics diagnostics;
  const auto chosen = ProtocolCatalog::configure("test_configurable", written, diagnostics);
  CHECK(diagnostics.empty());
  CHECK(chosen.name == "test_configurable");
  CHECK(chosen.options.find("times")->text == "3");
  const Roster roster = roster_of(3);
  const KeyRing keys(SignatureScheme::modelled, 1, 3);
  for (const AgentId id : roster.groups()[0].agents) {
    const auto made = chosen.make({roster, roster.groups()[0], id});
    Random random(Stream(1, "test"));
    Crypto crypto(keys, id, {});
    Outbox out;
    made->step({id, kStartOfRun, roster.groups()[0].agents, roster, random, crypto}, Start{}, out);
    CHECK(first_word(out).times == 3);
    CHECK(first_word(out).self == index(id));
  }
}

TEST_CASE("defaults are resolved and bad options reported") {
  Diagnostics diagnostics;
  const auto chosen = ProtocolCatalog::configure("test_configurable", Value(), diagnostics);
  CHECK(diagnostics.empty());
  CHECK(chosen.options.find("times")->text == "2");
  Value written = Value::map();
  written.set("times", Value::scalar("0"));
  written.set("tims", Value::scalar("0"));
  ProtocolCatalog::configure("test_configurable", written, diagnostics);
  CHECK(diagnostics.count() == 2);
}

TEST_CASE("what cannot work in its context is reported by its own check") {
  Diagnostics diagnostics;
  const auto chosen = ProtocolCatalog::configure("test_configurable", Value(), diagnostics);
  const Roster enough = roster_of(2), few = roster_of(1);
  chosen.check({enough, enough.groups()[0], agent(0)}, diagnostics);
  CHECK(diagnostics.empty());
  chosen.check({few, few.groups()[0], agent(0)}, diagnostics);
  CHECK(diagnostics.count() == 1);
}

TEST_CASE("every component can be listed, explained and described to an editor") {
  const std::set<std::string_view> kinds{"protocol", "layer",   "behaviour", "link",   "checker",
                                         "outcome",  "context", "mechanism", "scoring"};
  const std::set<std::string_view> families{"consensus", "auction", "hierarchy", "delivery", "any"};
  std::set<std::pair<std::string_view, std::string_view>> names;
  for (const ComponentInfo& component : all_components()) {
    CAPTURE(std::string(component.name));
    CHECK(kinds.contains(component.kind));
    CHECK(families.contains(component.family));
    CHECK(!component.summary.empty());
    CHECK(component.summary.find('\n') == std::string_view::npos);
    CHECK(names.emplace(component.kind, component.name).second);
    REQUIRE(component.params);
    CHECK(nlohmann::json::accept(component.params->schema()));
    for (const ParamTable::Param& param : component.params->params()) CHECK(!param.meaning.empty());
  }
  CHECK(names.contains({"protocol", "test_configurable"}));
}

}  // namespace conclave

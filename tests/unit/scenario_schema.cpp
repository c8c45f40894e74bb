// The JSON Schema says of scenarios what the loader says.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "core/catalog.hpp"
#include "scenario/schema.hpp"
#include "scenario/sections.hpp"
#include "unit/scenario_components.hpp"

namespace conclave {
namespace {

using Json = nlohmann::ordered_json;

TEST_CASE("the schema is draft-07 and has every key of the file") {
  const Json schema = Json::parse(scenario_schema());
  CHECK(schema["$schema"] == "http://json-schema.org/draft-07/schema#");
  CHECK(schema["additionalProperties"] == false);
  for (const std::string& key : ScenarioSection::params().names()) CHECK(schema["properties"].contains(key));
  CHECK(schema["required"] == Json({"seed", "platform", "agents", "stop_at"}));
  CHECK(schema["properties"]["platform"]["maxProperties"] == 1);
  CHECK(schema["properties"]["platform"]["properties"]["star"]["properties"]["hosts"]["maximum"] == kHostsMax);
  CHECK(schema["properties"]["executor"]["enum"] == Json({"automatic", "exact", "windowed"}));
}

TEST_CASE("every component that a scenario can name is in the schema with its options") {
  const Json schema = Json::parse(scenario_schema());
  const Json& group = schema["properties"]["agents"]["items"]["properties"];
  CHECK(group["test_layer"]["properties"]["window"]["maximum"] == 64);
  CHECK(group["stack"]["items"]["enum"].dump().find("\"test_layer\"") != std::string::npos);
  const Json& faults = schema["properties"]["faults"]["items"]["oneOf"];
  const Json& checks = schema["properties"]["checks"]["items"]["anyOf"];
  std::set<std::string> behaviours, rules;
  for (const Json& fault : faults) {
    const Json& keys = fault["properties"];
    if (keys.contains("behaviour")) behaviours.insert(keys["behaviour"]["const"].get<std::string>());
    if (keys.contains("link")) rules.insert(keys["link"]["const"].get<std::string>());
  }
  for (const ComponentInfo& component : all_components()) {
    const std::string name(component.name);
    CAPTURE(name);
    if (component.kind == ProtocolKind::kName || component.kind == LayerKind::kName) CHECK(group.contains(name));
    if (component.kind == BehaviourKind::kName) CHECK(behaviours.contains(name));
    if (component.kind == LinkKind::kName) CHECK(rules.contains(name));
    if (component.kind == CheckerKind::kName) CHECK(checks[1]["properties"].contains(name));
  }
}

TEST_CASE("required options of a behaviour are required of its fault") {
  const Json schema = Json::parse(scenario_schema());
  std::size_t seen = 0;
  for (const Json& fault : schema["properties"]["faults"]["items"]["oneOf"]) {
    const Json& keys = fault["properties"];
    if (!keys.contains("behaviour") || keys["behaviour"]["const"] != "test_liar") continue;
    CHECK(fault["required"] == Json({"behaviour", "agents", "chance"}));
    seen++;
  }
  CHECK(seen == 1);
}

TEST_CASE("no option of a component hides a key of the place where it is written") {
  const std::vector<std::string> fault_keys = FaultSection::params().names();
  const std::vector<std::string> link_keys = LinkFaultSection::params().names();
  const std::vector<std::string> group_keys = GroupSection::params().names();
  for (const ComponentInfo& component : all_components()) {
    CAPTURE(component.name);
    if (component.kind == BehaviourKind::kName)
      for (const std::string& option : component.params->names())
        CHECK(std::count(fault_keys.begin(), fault_keys.end(), option) == 0);
    if (component.kind == LinkKind::kName)
      for (const std::string& option : component.params->names())
        CHECK(std::count(link_keys.begin(), link_keys.end(), option) == 0);
    if (component.kind == ProtocolKind::kName || component.kind == LayerKind::kName)
      CHECK(std::count(group_keys.begin(), group_keys.end(), component.name) == 0);
  }
}

TEST_CASE("every section can be explained") {
  std::set<std::string> names;
  for (const SectionInfo& section : all_sections()) names.insert(section.name);
  for (const char* name : {"scenario", "platform", "star", "regions", "cluster", "network", "crypto", "agents",
                           "workload", "faults", "link_faults", "outages"})
    CHECK(names.contains(name));
}

}  // namespace
}  // namespace conclave

#include "scenario/schema.hpp"

#include <nlohmann/json.hpp>

#include "scenario/sections.hpp"

namespace conclave {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kAgentsPattern = R"(^[A-Za-z][A-Za-z0-9_-]*(\[[0-9]+(\.\.[0-9]+)?\])?$)";

constexpr std::string_view kLinkEndPattern = R"(^([A-Za-z][A-Za-z0-9_-]*(\[[0-9]+(\.\.[0-9]+)?\])?|host:.+)$)";

/// The options of a component, as a schema.
Json options_of(const ComponentInfo& component) {
  Json schema = Json::parse(component.params->schema());
  schema["description"] = component.summary;
  return schema;
}

std::vector<ComponentInfo> components_of(std::string_view kind) {
  std::vector<ComponentInfo> found;
  for (const ComponentInfo& component : all_components())
    if (component.kind == kind) found.push_back(component);
  return found;
}

}  // namespace

std::string ParamType<Selection>::schema() {
  const Json one = {{"type", "string"}, {"pattern", kAgentsPattern}};
  return Json{{"anyOf", {one, {{"type", "array"}, {"items", one}, {"minItems", 1}}}}}.dump();
}

std::string ParamType<LinkEnd>::schema() {
  const Json one = {{"type", "string"}, {"pattern", kLinkEndPattern}};
  return Json{{"anyOf", {one, {{"type", "array"}, {"items", one}, {"minItems", 1}}}}}.dump();
}

std::string GroupEntry::schema() {
  Json entry = Json::parse(GroupSection::params().schema());
  Json names = Json::array();
  for (const std::string_view kind : {LayerKind::kName, ProtocolKind::kName}) {
    for (const ComponentInfo& component : components_of(kind)) {
      names.push_back(component.name);
      entry["properties"][std::string(component.name)] = options_of(component);
    }
  }
  if (!names.empty()) entry["properties"]["stack"]["items"] = Json{{"enum", names}};
  entry["properties"]["stack"]["minItems"] = 1;
  return entry.dump();
}

std::string FaultEntry::schema() {
  Json kinds = Json::array();
  const auto add = [&](const ComponentInfo& component, const std::string& key, const ParamTable& declared) {
    Json entry = Json::parse(declared.schema());
    entry["description"] = component.summary;
    entry["properties"][key] = Json{{"const", component.name}, {"description", component.summary}};
    const Json options = options_of(component);
    entry["properties"].update(options["properties"]);
    if (options.contains("required"))
      entry["required"].insert(entry["required"].end(), options["required"].begin(), options["required"].end());
    kinds.push_back(std::move(entry));
  };
  for (const ComponentInfo& behaviour : components_of(BehaviourKind::kName))
    add(behaviour, "behaviour", FaultSection::params());
  for (const ComponentInfo& rule : components_of(LinkKind::kName)) add(rule, "link", LinkFaultSection::params());
  return kinds.empty() ? FaultSection::params().schema() : Json{{"oneOf", kinds}}.dump();
}

std::string CheckEntry::schema() {
  Json names = Json::array();
  Json with_options = {{"type", "object"}, {"additionalProperties", false}, {"minProperties", 1}, {"maxProperties", 1}};
  with_options["properties"] = Json::object();
  for (const ComponentInfo& checker : components_of(CheckerKind::kName)) {
    names.push_back(checker.name);
    with_options["properties"][std::string(checker.name)] = options_of(checker);
  }
  const Json name = names.empty() ? Json{{"type", "string"}} : Json{{"enum", names}};
  return Json{{"anyOf", {name, with_options}}}.dump();
}

std::string scenario_schema() {
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "A Conclave scenario"}};
  schema.update(Json::parse(ScenarioSection::params().schema()));
  Json& properties = schema["properties"];
  properties["platform"]["minProperties"] = 1;
  properties["platform"]["maxProperties"] = 1;
  properties["agents"]["minItems"] = 1;
  properties["outages"]["items"]["oneOf"] = {{{"required", {"host"}}}, {{"required", {"link"}}}};
  return schema.dump(2);
}

}  // namespace conclave

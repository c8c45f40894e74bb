// Every behaviour is explained, and its example is a scenario's line that the loader accepts.

#include <doctest/doctest.h>

#include <string>

#include "core/catalog.hpp"
#include "scenario/load.hpp"

namespace conclave {

TEST_CASE("every behaviour says what it is for, and its example loads") {
  std::size_t seen = 0;
  for (const ComponentInfo& component : all_components()) {
    if (component.kind != BehaviourKind::kName || component.name.starts_with("test_")) continue;
    CAPTURE(component.name);
    CHECK(component.about.size() > 100);
    CHECK(component.example.find(component.name) != std::string_view::npos);
    const std::string yaml =
        "seed: 1\nplatform: { star: { hosts: 2 } }\nagents:\n"
        "  - { group: replica, count: 7, stack: [pbft] }\n"
        "  - { group: client, count: 2, stack: [consensus_client] }\n"
        "  - { group: member, count: 21, stack: [hierarchy_member] }\nfaults:\n  " +
        std::string(component.example) + "\nstop_at: 10s\n";
    const Loaded loaded = load_scenario_text(yaml, "example.yaml");
    CHECK_MESSAGE(loaded.scenario.has_value(), loaded.errors);
    seen++;
  }
  CHECK(seen >= 20);
}

}  // namespace conclave

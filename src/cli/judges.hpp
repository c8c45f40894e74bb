// The checkers that a scenario names, and the outcomes of all families.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/report.hpp"
#include "core/catalog.hpp"
#include "engine/run.hpp"
#include "scenario/scenario.hpp"

namespace conclave {

/// Checkers and outcomes of one run, and what they found.
struct Judges {
  std::vector<std::unique_ptr<Checker>> checkers;
  std::vector<std::pair<std::string, std::unique_ptr<Outcome>>> outcomes;

  Judges(const Scenario& scenario, const RunFacts& facts) {
    for (const CheckerCatalog::Chosen& chosen : scenario.checks) checkers.push_back(chosen.make(facts));
    for (const std::string& name : OutcomeCatalog::names()) {
      Diagnostics none;
      outcomes.emplace_back(name, OutcomeCatalog::configure(name, Value(), none).make(facts));
    }
  }

  void subscribe_to(RunOptions& options) const {
    for (const auto& checker : checkers) options.observers.push_back(checker.get());
    for (const auto& [name, outcome] : outcomes) options.observers.push_back(outcome.get());
  }

  void conclude(const Scenario& scenario, Report& report) const {
    for (std::size_t i = 0; i < checkers.size(); i++) {
      report.checks.push_back({scenario.checks[i].name, checkers[i]->conclude(report.result.end)});
    }
    for (const auto& [name, outcome] : outcomes) {
      report.outcomes.push_back({name, outcome->json(report.result.end), outcome->summary(report.result.end)});
    }
  }
};

}  // namespace conclave

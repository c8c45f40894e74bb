// The commands of `conclave sweep`, a file each.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

namespace conclave {

void add_sweep_plan(CLI::App& sweep, int& exit_code);
void add_sweep_run(CLI::App& sweep, int& exit_code);
void add_sweep_status(CLI::App& sweep, int& exit_code);
void add_sweep_export(CLI::App& sweep, int& exit_code);
void add_sweep_merge(CLI::App& sweep, int& exit_code);

/// Where a sweep of that name keeps its results unless it is told otherwise.
inline std::filesystem::path default_database(const std::string& sweep) {
  return std::filesystem::path("results") / (sweep + ".sqlite");
}

/// The database that is meant by its own name or by that of a sweep file.
inline std::filesystem::path database_of(const std::string& given) {
  const std::filesystem::path path(given);
  return path.extension() == ".yaml" ? default_database(path.stem().string()) : path;
}

}  // namespace conclave

// Names of values within the results of a run, the JSON object of `conclave run --json`.
//
//   metrics.latency_ns.p50                           a value by its keys
//   outcome.consensus.rounds[0].view                 an entry of a list
//   median(outcome.consensus.rounds[].latency_ns)    one number of all entries: mean, median, min, max, sum, count, pNN
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conclave {

/// The value of that name; nothing if there is none, or if no entry of a list has one. A `count` is always there.
std::optional<nlohmann::json> find_result(const nlohmann::json& results, std::string_view path);

/// The same as a number; true counts as 1.
std::optional<double> find_number(const nlohmann::json& results, std::string_view path);

/// The names of all numbers that are not in lists: of `metrics`, `outcome` and `sim_time_s`, in the order of the
/// alphabet.
std::vector<std::string> number_paths(const nlohmann::json& results);

}  // namespace conclave

#include "cli/test_expect.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "core/diagnostics.hpp"
#include "trace/result_path.hpp"

namespace conclave {

namespace {

using Json = nlohmann::json;

void judge_check(const ExpectedCheck& expected, const Json& results, std::vector<std::string>& problems) {
  const std::string wanted = expected.holds ? "pass" : "fail";
  bool found = false, verdict_met = false, words_met = false;
  std::string last;
  for (const Json& check : results.at("checks")) {  // a checker may be there several times
    if (check.at("name") != expected.name) continue;
    found = true;
    last = fmt::format("{}: {}", check.at("verdict").get<std::string>(), check.at("detail").get<std::string>());
    const bool met = check.at("verdict") == wanted;
    verdict_met = verdict_met || met;
    words_met = words_met || (met && last.find(expected.says) != std::string::npos);
  }
  if (!found) {
    problems.push_back(fmt::format("check {}: expected {}, and it is not there", expected.name, wanted));
  } else if (!verdict_met) {
    problems.push_back(fmt::format("check {}: expected {}, found {}", expected.name, wanted, last));
  } else if (!words_met) {
    problems.push_back(fmt::format("check {}: expected to say `{}`, found {}", expected.name, expected.says, last));
  }
}

void judge_value(const ExpectedValue& expected, const Json& results, std::vector<std::string>& problems) {
  const auto problem = [&](const std::string& found) {
    problems.push_back(fmt::format("{}: expected {}, found {}", expected.path, expected.written, found));
  };
  const std::optional<Json> found = find_result(results, expected.path);
  if (!found) {
    const std::string hint = suggestion(expected.path, number_paths(results));
    return problem(hint.empty() ? "nothing" : fmt::format("nothing; {}", hint));
  }
  if (expected.text) {
    const std::string text = found->is_string() ? found->get<std::string>() : found->dump();
    return text == *expected.text ? void() : problem(text);
  }
  const std::optional<double> number = find_number(results, expected.path);
  if (!number || *number < expected.low || *number > expected.high) problem(found->dump());
}

}  // namespace

std::vector<std::string> unmet(const Expect& expect, const Json& results) {
  std::vector<std::string> problems;
  if (expect.passes && results.at("verdict") != (*expect.passes ? "pass" : "fail"))
    problems.push_back(fmt::format("verdict: expected {}, found {}", *expect.passes ? "pass" : "fail",
                                   results.at("verdict").get<std::string>()));
  for (const ExpectedCheck& check : expect.checks) judge_check(check, results, problems);
  for (const ExpectedValue& value : expect.values) judge_value(value, results, problems);
  if (!problems.empty() && !expect.because.empty())
    problems.push_back(fmt::format("what it should show: {}", expect.because));
  return problems;
}

}  // namespace conclave

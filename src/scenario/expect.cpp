#include "scenario/expect.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "scenario/choices.hpp"
#include "scenario/yaml.hpp"

namespace conclave {

namespace {

constexpr std::string_view kValueForm =
    "expected a value, a range such as `1ms..2ms`, or `{ value: 1450, tolerance: 2% }`";

/// `{ value: 1450, tolerance: 2% }`
struct Tolerant {
  std::string value;
  Probability tolerance;
};

const ParamTable& tolerant_params() {
  static const auto table = Params<Tolerant>()
                                .require("value", &Tolerant::value, "the number in the middle")
                                .require("tolerance", &Tolerant::tolerance, "how far it may be off, relative to it");
  return table;
}

struct CheckTerms {
  ExpectedVerdict verdict = ExpectedVerdict::pass;
  std::string says;
};

const ParamTable& check_params() {
  static const auto table = Params<CheckTerms>()
                                .add("verdict", &CheckTerms::verdict, "what it must find")
                                .add("says", &CheckTerms::says, "a part of what it must say");
  return table;
}

void read_check(const Value::Entry& entry, Expect& expect, Diagnostics& diagnostics) {
  CheckTerms terms;
  if (entry.value.is_map()) {
    check_params().read(entry.value, &terms, diagnostics);
  } else if (const auto verdict = ParamType<ExpectedVerdict>::read(entry.value, diagnostics)) {
    terms.verdict = *verdict;
  }
  expect.checks.push_back({entry.key, terms.verdict == ExpectedVerdict::pass, terms.says});
}

void read_value(const Value::Entry& entry, Expect& expect, Diagnostics& diagnostics) {
  ExpectedValue value{.path = entry.key};
  if (entry.value.is_map()) {
    const std::size_t errors = diagnostics.count();
    Tolerant terms;
    tolerant_params().read(entry.value, &terms, diagnostics);
    if (diagnostics.count() != errors) return;
    const auto middle = parse_quantity(terms.value);
    if (!middle) return diagnostics.error(entry.value.at, "only a number has a tolerance", std::string(kValueForm));
    const double width = middle->number() * terms.tolerance.value();
    value.low = middle->number() - width, value.high = middle->number() + width;
    value.written = fmt::format("{} within {}", terms.value, text(terms.tolerance));
  } else if (entry.value.is_scalar()) {
    value.written = entry.value.text;
    const auto number = entry.value.quoted ? std::nullopt : parse_quantity(entry.value.text);
    const auto range = entry.value.quoted ? std::nullopt : parse_range(entry.value.text);
    if (number) value.low = value.high = number->number();
    if (range) value.low = range->low.number(), value.high = range->high.number();
    if (!number && !range) value.text = entry.value.text;
  } else {
    return diagnostics.error(entry.value.at, fmt::format("found {}", entry.value.describe()), std::string(kValueForm));
  }
  expect.values.push_back(std::move(value));
}

Expect read_expect(const ExpectSection& section, Diagnostics& diagnostics) {
  Expect expect{.because = section.because};
  if (section.verdict) expect.passes = *section.verdict == ExpectedVerdict::pass;
  for (const Value::Entry& entry : section.checks.written.entries) read_check(entry, expect, diagnostics);
  for (const Value::Entry& entry : section.values.written.entries) read_value(entry, expect, diagnostics);
  return expect;
}

}  // namespace

const ParamTable& ExpectSection::params() {
  static const auto table =
      Params<ExpectSection>()
          .add("verdict", &ExpectSection::verdict, "of all checks together")
          .add("because", &ExpectSection::because, "why a check fails that must: the point of such a scenario")
          .add("checks", &ExpectSection::checks,
               "`NAME: pass`, `NAME: fail`, or `NAME: { verdict: fail, says: TEXT }` with a part of what it says")
          .add("values", &ExpectSection::values,
               "`PATH: VALUE` of the results, VALUE a number or quantity, a range `1ms..2ms`, a text, or `{ value: "
               "1450, "
               "tolerance: 2% }`");
  return table;
}

void check_expect(Draft& draft) {
  if (!draft.section.expect) return;
  const Expect expect = read_expect(*draft.section.expect, draft.diagnostics);
  const Value& written = *draft.document.find("expect");
  std::vector<std::string> names;
  for (const auto& check : draft.scenario.checks) names.push_back(check.name);
  bool fails = expect.passes == false;
  for (const ExpectedCheck& check : expect.checks) {
    fails = fails || !check.holds;
    if (std::find(names.begin(), names.end(), check.name) != names.end()) continue;
    draft.diagnostics.error(place_of(*written.find("checks"), check.name),
                            fmt::format("`{}` is not among the checks of this scenario", check.name),
                            suggestion(check.name, names));
  }
  if (fails && expect.because.empty())
    draft.diagnostics.error(written.at, "a scenario that must fail says why", "as in `because: no quorum is left`");
}

std::optional<Expect> load_expect(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  Diagnostics diagnostics;
  const std::optional<Value> document = parse_yaml(text, diagnostics);
  const Value* written = document && document->is_map() ? document->find("expect") : nullptr;
  if (!written) return std::nullopt;
  ExpectSection section;
  ExpectSection::params().read(*written, &section, diagnostics);
  return read_expect(section, diagnostics);
}

}  // namespace conclave

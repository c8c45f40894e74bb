#include "sweep/axis.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/codec.hpp"
#include "core/distribution.hpp"
#include "core/params.hpp"

namespace conclave {

namespace {

enum class Scale { linear, log };

/// `{ range: …, step: … }` and its like.
struct RangeSection {
  std::string range;
  std::optional<std::string> step;
  std::optional<std::uint32_t> count;
  Scale scale = Scale::linear;
  static const ParamTable& params();
};

}  // namespace

template <>
struct Choices<Scale> {
  static constexpr std::pair<Scale, std::string_view> kNames[] = {{Scale::linear, "linear"}, {Scale::log, "log"}};
};

namespace {

const ParamTable& RangeSection::params() {
  static const auto table =
      Params<RangeSection>()
          .require("range", &RangeSection::range, "from the first value to the last: `1ms..9ms`")
          .add("step", &RangeSection::step, "between two values")
          .add("count", &RangeSection::count, "of values, both ends among them",
               {.least = 2, .most = static_cast<std::uint32_t>(kAxisValuesMax)})
          .add("scale", &RangeSection::scale, "of `count` values: equal differences, or equal ratios");
  return table;
}

constexpr std::string_view kRangeForm = "expected two quantities of one kind in ascending order: `1ms..9ms`, `4..16`";

std::optional<AxisRange> make_range(const std::string& text, Scale scale, Location at, Diagnostics& diagnostics) {
  const auto ends = parse_range(text);
  if (!ends) {
    diagnostics.error(at, fmt::format("`{}` is not a range", text), std::string(kRangeForm));
    return std::nullopt;
  }
  if (scale == Scale::log && ends->low.steps == 0) {
    diagnostics.error(at, fmt::format("`{}` cannot have the scale log: it begins at zero", text));
    return std::nullopt;
  }
  return AxisRange{*ends, scale == Scale::log};
}

std::vector<std::string> texts_of(const std::vector<Quantity>& values) {
  std::vector<std::string> texts;
  for (const Quantity& value : values) texts.push_back(text(value));
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());  // integers close together
  return texts;
}

std::vector<std::string> by_step(const AxisRange& range, const std::string& step, Location at,
                                 Diagnostics& diagnostics) {
  auto width = parse_quantity(step);
  if (width && width->kind == Quantity::Kind::integer && range.ends.low.kind == Quantity::Kind::number)
    width = parse_range(fmt::format("{0}..{0}.0", step)).value_or(QuantityRange{}).low;
  if (!width || width->kind != range.ends.low.kind || width->steps == 0) {
    diagnostics.error(at, fmt::format("`{}` is not a step through this range", step),
                      fmt::format("expected a quantity as `{}`, above zero", text(range.ends.high)));
    return {};
  }
  const std::uint64_t count = (range.ends.high.steps - range.ends.low.steps) / width->steps + 1;
  if (count > kAxisValuesMax) {
    diagnostics.error(at, fmt::format("this range has {} values: {} at most", count, kAxisValuesMax));
    return {};
  }
  std::vector<Quantity> values;
  for (std::uint64_t i = 0; i < count; i++)
    values.push_back({range.ends.low.kind, range.ends.low.steps + i * width->steps});
  return texts_of(values);
}

std::vector<std::string> by_count(const AxisRange& range, std::uint32_t count) {
  std::vector<Quantity> values;
  for (std::uint32_t i = 0; i < count; i++) values.push_back(range.at(static_cast<double>(i) / (count - 1)));
  return texts_of(values);
}

std::vector<std::string> read_range_section(const Value& written, Diagnostics& diagnostics) {
  const std::size_t errors = diagnostics.count();
  RangeSection section;
  RangeSection::params().read(written, &section, diagnostics);
  if (diagnostics.count() != errors) return {};
  const auto range = make_range(section.range, section.scale, written.at, diagnostics);
  if (!range) return {};
  if (section.step.has_value() == section.count.has_value()) {
    diagnostics.error(written.at, "a range is cut by `step` or by `count`: one of them is needed");
    return {};
  }
  if (section.step && range->logarithmic) {
    diagnostics.error(written.at, "the scale log goes with `count`, not with `step`");
    return {};
  }
  return section.step ? by_step(*range, *section.step, written.at, diagnostics) : by_count(*range, *section.count);
}

std::vector<std::string> read_scalar(const Value& written, Diagnostics& diagnostics) {
  if (written.quoted || written.text.find("..") == std::string::npos) return {flow_text(written)};
  const auto range = make_range(written.text, Scale::linear, written.at, diagnostics);
  if (!range) return {};
  if (range->ends.low.kind == Quantity::Kind::integer) return by_step(*range, "1", written.at, diagnostics);
  diagnostics.error(written.at, fmt::format("the range `{}` needs a step", written.text),
                    fmt::format("as in `{{ range: {}, count: 5 }}`", written.text));
  return {};
}

}  // namespace

Quantity AxisRange::at(double share) const {
  const auto low = static_cast<double>(ends.low.steps), high = static_cast<double>(ends.high.steps);
  if (share <= 0) return ends.low;
  if (share >= 1) return ends.high;
  if (!logarithmic) return {ends.low.kind, static_cast<std::uint64_t>(low + (high - low) * share + 0.5)};
  const double from = natural_log(low), to = natural_log(high);
  return {ends.low.kind, static_cast<std::uint64_t>(exponential_of(from + (to - from) * share) + 0.5)};
}

Quantity AxisRange::drawn(double share) const {
  if (ends.low.kind != Quantity::Kind::integer || logarithmic) return at(share);
  const std::uint64_t width = ends.high.steps - ends.low.steps;
  const auto step = static_cast<std::uint64_t>(share * (static_cast<double>(width) + 1));
  return {ends.low.kind, ends.low.steps + std::min(step, width)};
}

std::string flow_text(const Value& value) {
  std::string out;
  switch (value.kind) {
    case Value::Kind::null: return "null";
    case Value::Kind::scalar:
      if (value.quoted) codec::append_json_string(out, value.text);
      return value.quoted ? out : value.text;
    case Value::Kind::list:
      for (const Value& item : value.items) out += (out.empty() ? "" : ", ") + flow_text(item);
      return "[" + out + "]";
    case Value::Kind::map: break;
  }
  for (const Value::Entry& entry : value.entries)
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", entry.key, flow_text(entry.value));
  return "{" + out + "}";
}

std::vector<std::string> read_axis(const Value& written, Diagnostics& diagnostics) {
  if (written.is_map() && written.find("range")) return read_range_section(written, diagnostics);
  if (written.is_scalar()) return read_scalar(written, diagnostics);
  if (!written.is_list() || written.items.empty()) {
    diagnostics.error(
        written.at,
        written.is_list() ? "an empty list: this parameter has no values" : fmt::format("found {}", written.describe()),
        "expected values: `[4, 7]`, `4..7`, `{ range: 1ms..9ms, step: 2ms }`");
    return {};
  }
  std::vector<std::string> values;
  for (const Value& item : written.items) values.push_back(flow_text(item));
  return values;
}

std::string DrawnAxis::value(double share) const {
  if (range) return text(range->drawn(share));
  const auto chosen = static_cast<std::size_t>(share * static_cast<double>(choices.size()));
  return choices[std::min(chosen, choices.size() - 1)];
}

std::optional<DrawnAxis> read_drawn_axis(const Value& written, Diagnostics& diagnostics) {
  DrawnAxis axis;
  if (written.is_list() && !written.items.empty()) {
    for (const Value& item : written.items) axis.choices.push_back(flow_text(item));
    return axis;
  }
  if (written.is_scalar()) {
    axis.range = make_range(written.text, Scale::linear, written.at, diagnostics);
  } else if (written.is_map()) {
    const std::size_t errors = diagnostics.count();
    RangeSection section;
    RangeSection::params().read(written, &section, diagnostics);
    if (diagnostics.count() != errors) return std::nullopt;
    if (section.step || section.count)
      diagnostics.error(written.at, "a sampler draws from the whole range: `step` and `count` say nothing here");
    axis.range = make_range(section.range, section.scale, written.at, diagnostics);
  } else {
    diagnostics.error(written.at, fmt::format("found {}", written.describe()),
                      "expected a range or choices: `1ms..9ms`, `{ range: 1ms..1s, scale: log }`, `[a, b]`");
  }
  if (!axis.range) return std::nullopt;
  return axis;
}

}  // namespace conclave

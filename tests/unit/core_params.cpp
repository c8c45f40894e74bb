// Declared parameters: strict reading, defaults, limits, writing, the schema.

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/params.hpp"

namespace conclave {

namespace {

enum class Mode { fast, exact };

}  // namespace

template <>
struct Choices<Mode> {
  static constexpr std::pair<Mode, std::string_view> kNames[] = {{Mode::fast, "fast"}, {Mode::exact, "exact"}};
};

namespace {

using std::chrono::milliseconds;

struct Inner {
  std::uint32_t depth = 2;
  static const ParamTable& params() {
    static const auto table = Params<Inner>().add("depth", &Inner::depth, "how deep", {.least = 1, .most = 9});
    return table;
  }
};

struct Options {
  std::uint32_t window = 8;
  std::uint8_t small = 0;
  bool verbose = false;
  std::string label = "none";
  Duration timeout = milliseconds(500);
  ByteCount size{1024};
  Probability loss = Probability::of(0.5);
  Mode mode = Mode::exact;
  std::optional<std::uint32_t> maybe;
  std::vector<std::uint32_t> victims;
  Inner inner;
  std::vector<Inner> inners;

  static const ParamTable& params() {
    static const auto table =
        Params<Options>()
            .add("window", &Options::window, "requests in flight", {.least = 1, .most = 100})
            .add("small", &Options::small, "a \"small\" number")
            .add("verbose", &Options::verbose, "say more")
            .add("label", &Options::label, "a name")
            .add("timeout", &Options::timeout, "patience", {.least = milliseconds(1), .most = milliseconds(2000)})
            .add("size", &Options::size, "of a message")
            .add("loss", &Options::loss, "of messages")
            .add("mode", &Options::mode, "how")
            .add("maybe", &Options::maybe, "if at all", {.most = 5})
            .add("victims", &Options::victims, "who")
            .add("inner", &Options::inner, "a section")
            .add("inners", &Options::inners, "several sections");
    return table;
  }
};

struct Needy {
  Duration period{};
  static const ParamTable& params() {
    static const auto table = Params<Needy>().require("period", &Needy::period, "how often");
    return table;
  }
};

Value text_value(std::string text) {
  return Value::scalar(std::move(text));
}

Value map_of(std::string key, Value value) {
  Value map = Value::map();
  map.set(std::move(key), std::move(value));
  return map;
}

Value list_of(const std::vector<std::string>& items) {
  Value list = Value::list();
  for (const std::string& item : items) list.items.push_back(text_value(item));
  return list;
}

/// All errors of reading, messages and hints, one a line.
template <class T>
std::string errors_of(const Value& map, T& options) {
  Diagnostics diagnostics;
  T::params().read(map, &options, diagnostics);
  std::string all;
  for (const Diagnostic& diagnostic : diagnostics.all())
    all += diagnostic.message + (diagnostic.hint.empty() ? "" : "; " + diagnostic.hint) + "\n";
  return all;
}

std::string errors(std::string key, Value value) {
  Options options;
  return errors_of(map_of(std::move(key), std::move(value)), options);
}

Options read(std::string key, Value value) {
  Options options;
  CHECK(errors_of(map_of(std::move(key), std::move(value)), options) == "");
  return options;
}

}  // namespace

TEST_CASE("an empty map and no map at all mean the defaults") {
  for (const Value& nothing : {Value::map(), Value()}) {
    Options options;
    CHECK(errors_of(nothing, options) == "");
    CHECK(options.window == 8);
    CHECK(options.timeout == milliseconds(500));
  }
}

TEST_CASE("every type of parameter is read") {
  CHECK(read("window", text_value("100")).window == 100);
  CHECK(read("small", text_value("255")).small == 255);
  CHECK(read("verbose", text_value("true")).verbose);
  CHECK(read("label", Value::scalar("12", true)).label == "12");
  CHECK(read("timeout", text_value("1.5ms")).timeout == std::chrono::microseconds(1500));
  CHECK(read("size", text_value("2KiB")).size.bytes == 2048);
  CHECK(read("loss", text_value("25%")).loss == Probability::of(0.25));
  CHECK(read("mode", text_value("fast")).mode == Mode::fast);
  CHECK(read("maybe", text_value("5")).maybe == 5);
  CHECK(read("victims", list_of({"1", "2"})).victims == std::vector<std::uint32_t>{1, 2});
  CHECK(read("inner", map_of("depth", text_value("3"))).inner.depth == 3);
}

TEST_CASE("what is wrong is refused with the reason") {
  CHECK(errors("windw", text_value("1")) == "unknown key `windw`; did you mean `window`?\n");
  CHECK(errors("window", text_value("0")) == "`0` is out of range; expected 1 to 100\n");
  CHECK(errors("window", text_value("101")) == "`101` is out of range; expected 1 to 100\n");
  CHECK(errors("window", text_value("010")) == "found `010`, expected an integer without leading zeros\n");
  CHECK(errors("window", text_value("4x")) == "found `4x`, expected an integer\n");
  CHECK(errors("window", text_value("")) == "found ``, expected an integer\n");
  CHECK(errors("window", text_value("1.0")) == "found `1.0`, expected an integer\n");
  CHECK(errors("window", text_value("+1")) == "found `+1`, expected an integer\n");
  CHECK(errors("window", Value::scalar("5", true)) == "found `5`, expected an integer\n");
  CHECK(errors("window", list_of({"5"})) == "found a list, expected an integer\n");
  CHECK(errors("window", Value()) == "found nothing, expected an integer\n");
  CHECK(errors("window", text_value("4294967296")) == "`4294967296` is too large; expected at most 4294967295\n");
  CHECK(errors("small", text_value("256")) == "`256` is too large; expected at most 255\n");
  CHECK(errors("window", text_value("99999999999999999999")) ==
        "`99999999999999999999` is too large; expected at most 4294967295\n");
  CHECK(errors("verbose", text_value("yes")) == "found `yes`, expected `true` or `false`\n");
  CHECK(errors("verbose", Value::scalar("true", true)) == "found `true`, expected `true` or `false`\n");
  CHECK(errors("label", list_of({})) == "found a list, expected a text\n");
  CHECK(errors("timeout", text_value("500")).starts_with("`500` lacks its unit; expected a duration such as"));
  CHECK(errors("timeout", text_value("3s")) == "`3s` is out of range; expected 1ms to 2s\n");
  CHECK(errors("timeout", Value::map()) == "found a map, expected duration\n");
  CHECK(errors("mode", text_value("exat")) == "unknown choice `exat`; did you mean `exact`?\n");
  CHECK(errors("mode", text_value("zzz")) == "unknown choice `zzz`; expected one of: fast, exact\n");
  CHECK(errors("maybe", text_value("6")) == "`6` is out of range; expected at most 5\n");
  CHECK(errors("victims", text_value("1")) == "found `1`, expected list of: integer\n");
  CHECK(errors("victims", list_of({"1", "x", "y"})) ==
        "found `x`, expected an integer\nfound `y`, expected an integer\n");
  CHECK(errors("inner", map_of("dept", text_value("1"))) == "unknown key `dept`; did you mean `depth`?\n");
  CHECK(errors("inner", map_of("depth", text_value("10"))) == "`10` is out of range; expected 1 to 9\n");
  CHECK(errors("inner", text_value("1")) == "found `1`, expected a map of options\n");
}

TEST_CASE("errors stand where their value does") {
  Value map = Value::map({1, 1});
  map.set("window", Value::scalar("0", false, {4, 9}));
  Options options;
  Diagnostics diagnostics;
  Options::params().read(map, &options, diagnostics);
  REQUIRE(diagnostics.all().size() == 1);
  CHECK(diagnostics.all()[0].at == Location{4, 9});
}

TEST_CASE("all errors are reported at once") {
  Value map = map_of("window", text_value("0"));
  map.set("mode", text_value("zzz"));
  map.set("nonsense", text_value("1"));
  Options options;
  const std::string all = errors_of(map, options);
  CHECK(std::count(all.begin(), all.end(), '\n') == 3);
}

TEST_CASE("a required key must be there") {
  Needy needy;
  CHECK(errors_of(Value::map(), needy) == "missing key `period` (duration): how often\n");
  CHECK(errors_of(Value(), needy) == "missing key `period` (duration): how often\n");
  CHECK(errors_of(map_of("period", text_value("1s")), needy) == "");
}

TEST_CASE("what is written is everything, and reads back to the same") {
  Options options;
  options.window = 7;
  options.verbose = true;
  options.label = "a: b";
  options.timeout = std::chrono::microseconds(1001);
  options.loss = Probability::of(0.3);
  options.mode = Mode::fast;
  options.maybe = 3;
  options.victims = {4, 5};
  options.inner.depth = 9;
  options.inners = {Inner{1}, Inner{2}};
  const Value written = Options::params().write(&options);
  CHECK(written.entries.size() == Options::params().params().size());
  Options again;
  CHECK(errors_of(written, again) == "");
  CHECK(again.label == options.label);
  CHECK(again.loss == options.loss);
  CHECK(again.maybe == options.maybe);
  CHECK(again.inners[1].depth == 2);
  const Value twice = Options::params().write(&again);
  CHECK(params_detail::inline_text(twice) == params_detail::inline_text(written));
}

TEST_CASE("what is absent by default is not written") {
  const Options options;
  CHECK(Options::params().write(&options).find("maybe") == nullptr);
  CHECK(Options::params().write(&options).find("window")->text == "8");
}

TEST_CASE("parameters describe themselves") {
  const std::vector<ParamTable::Param>& params = Options::params().params();
  CHECK(Options::params().names().front() == "window");
  CHECK(params[0].type == "integer");
  CHECK(params[0].default_value == "8");
  CHECK(params[0].limits == "1 to 100");
  CHECK(params[4].limits == "1ms to 2s");
  CHECK(params[7].type == "fast | exact");
  CHECK(params[8].default_value == "");
  CHECK(params[8].limits == "at most 5");
  CHECK(params[9].type == "list of: integer");
  CHECK(params[10].section == &Inner::params());
  CHECK(params[11].section == &Inner::params());
  CHECK(params[0].section == nullptr);
  CHECK(Needy::params().params()[0].required);
  CHECK(Needy::params().params()[0].default_value == "");
}

TEST_CASE("the schema is valid JSON and says the same") {
  const auto schema = nlohmann::json::parse(Options::params().schema());
  CHECK(schema["additionalProperties"] == false);
  CHECK(schema["properties"].size() == Options::params().params().size());
  CHECK(schema["properties"]["window"]["type"] == "integer");
  CHECK(schema["properties"]["window"]["minimum"] == 1);
  CHECK(schema["properties"]["window"]["maximum"] == 100);
  CHECK(schema["properties"]["small"]["description"] == "a \"small\" number (default 0)");
  CHECK(schema["properties"]["mode"]["enum"] == nlohmann::json({"fast", "exact"}));
  CHECK(schema["properties"]["inner"]["properties"]["depth"]["type"] == "integer");
  CHECK(schema["properties"]["inners"]["items"]["properties"]["depth"]["type"] == "integer");
  CHECK(!schema.contains("required"));
  CHECK(nlohmann::json::parse(Needy::params().schema())["required"] == nlohmann::json({"period"}));
  CHECK(nlohmann::json::accept(NoOptions::params().schema()));
}

TEST_CASE("values know their place among keys and how people call them") {
  Value map = Value::map();
  map.set("a", text_value("1"));
  map.set("b", text_value("2"));
  map.set("a", text_value("3"));
  REQUIRE(map.entries.size() == 2);
  CHECK(map.entries[0].key == "a");
  CHECK(map.find("a")->text == "3");
  CHECK(map.find("c") == nullptr);
  CHECK(Value().describe() == "nothing");
  CHECK(Value::list().describe() == "a list");
  CHECK(map.describe() == "a map");
  CHECK(text_value("x").describe() == "`x`");
  CHECK(text_value(std::string(61, 'x')).describe() == "`" + std::string(60, 'x') + "…`");
  // Shortened between characters, not within one.
  CHECK(text_value(std::string(59, 'x') + "éé").describe() == "`" + std::string(59, 'x') + "…`");
}

}  // namespace conclave

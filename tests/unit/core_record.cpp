// Records: one list of fields gives bytes, decoder, JSON and text. The decoder reads what an adversary has flipped, so
// it is tried on every single-bit flip, every truncation and on random strings.

#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "core/record.hpp"

namespace conclave {
namespace {

enum class Colour : std::uint8_t { red, green };

struct Point {
  std::int32_t x = 0;
  std::optional<std::string> label;
  bool operator==(const Point&) const = default;
  static void fields(auto& self, auto& field) {
    field("x", self.x);
    field("label", self.label);
  }
};

struct Leaf : RecordOf<Leaf> {
  static constexpr std::string_view kName = "test_leaf";
  std::uint16_t value = 0;
  static void fields(auto& self, auto& field) { field("value", self.value); }
};

/// One field of every type that records may have.
struct Everything : RecordOf<Everything> {
  static constexpr std::string_view kName = "test_everything";
  bool flag = false;
  std::int8_t tiny = 0;
  std::uint64_t large = 0;
  std::int64_t negative = 0;
  Colour colour = Colour::red;
  AgentId agent = kNobody;
  Duration duration{};
  Time time{};
  std::string words;
  Digest digest;
  Filler filler;
  std::optional<std::uint32_t> maybe;
  std::vector<std::uint16_t> numbers;
  Point point;
  std::vector<Point> points;
  std::vector<Digest> digests;
  RecordPtr any;
  std::shared_ptr<const Leaf> leaf;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("flag", self.flag);
    field("tiny", self.tiny);
    field("large", self.large);
    field("negative", self.negative);
    field("colour", self.colour);
    field("agent", self.agent);
    field("duration", self.duration);
    field("time", self.time);
    field("words", self.words);
    field("digest", self.digest);
    field("filler", self.filler);
    field("maybe", self.maybe);
    field("numbers", self.numbers);
    field("point", self.point);
    field("points", self.points);
    field("digests", self.digests);
    field("any", self.any);
    field("leaf", self.leaf);
    field("signature", self.signature);
  }
};

struct Nest : RecordOf<Nest> {
  static constexpr std::string_view kName = "test_nest";
  RecordPtr inner;
  static void fields(auto& self, auto& field) { field("inner", self.inner); }
};

struct Numbers : RecordOf<Numbers> {
  static constexpr std::string_view kName = "test_numbers";
  std::vector<std::uint8_t> values;
  static void fields(auto& self, auto& field) { field("values", self.values); }
};

/// Its name has the same 32-bit hash as the word "liquid".
struct Costarring : RecordOf<Costarring> {
  static constexpr std::string_view kName = "costarring";
  static void fields(auto&, auto&) {}
};

Everything sample() {
  Everything all;
  all.flag = true;
  all.tiny = -5;
  all.large = ~std::uint64_t{0};
  all.negative = std::numeric_limits<std::int64_t>::min();
  all.colour = Colour::green;
  all.agent = agent(7);
  all.duration = std::chrono::milliseconds(250);
  all.time = kStartOfRun + std::chrono::seconds(3);
  all.words = "say \"hi\"\n\\ \xff";
  all.digest = Digest::of("content");
  all.filler = {1000};
  all.maybe = 9;
  all.numbers = {1, 2, 3};
  all.point = {.x = -1, .label = "p"};
  all.points = {{.x = 4}, {.x = 5, .label = ""}};
  all.digests = {Digest::of("a"), Digest::of("b")};
  all.any = share(Leaf{.value = 11});
  all.leaf = share(Leaf{.value = 12});
  all.signature = {.signer = agent(7)};
  all.signature.bytes.fill(0xab);
  return all;
}

RecordPtr nested(int depth) {
  RecordPtr record = share(Leaf{.value = 1});
  for (int i = 1; i < depth; i++) record = share(Nest{.inner = record});
  return record;
}

/// Whatever was read must be written back as the very same bytes: the encoding is canonical.
bool decodes_canonically(const std::string& bytes) {
  const RecordPtr record = decode_record(bytes);
  return !record || record->encode().bytes == bytes;
}

}  // namespace

TEST_CASE("every type of field survives the round trip") {
  const Everything before = sample();
  const RecordPtr record = decode_record(before.encode().bytes);
  REQUIRE(record);
  const auto* after = record->as<Everything>();
  REQUIRE(after);
  CHECK(after->flag);
  CHECK(after->tiny == -5);
  CHECK(after->large == before.large);
  CHECK(after->negative == before.negative);
  CHECK(after->colour == Colour::green);
  CHECK(after->agent == before.agent);
  CHECK(after->duration == before.duration);
  CHECK(after->time == before.time);
  CHECK(after->words == before.words);
  CHECK(after->digest == before.digest);
  CHECK(after->filler == before.filler);
  CHECK(after->maybe == before.maybe);
  CHECK(after->numbers == before.numbers);
  CHECK(after->point == before.point);
  CHECK(after->points == before.points);
  CHECK(after->digests == before.digests);
  REQUIRE(after->any);
  CHECK(after->any->as<Leaf>()->value == 11);
  CHECK(after->leaf->value == 12);
  CHECK(after->signature == before.signature);
  CHECK(record->encode().bytes == before.encode().bytes);
}

TEST_CASE("defaults survive the round trip") {
  const RecordPtr record = decode_record(Everything{}.encode().bytes);
  REQUIRE(record);
  const auto& after = *record->as<Everything>();
  CHECK(after.agent == kNobody);
  CHECK(!after.maybe);
  CHECK(after.points.empty());
  CHECK(!after.any);
  CHECK(!after.leaf);
}

TEST_CASE("a changed field changes the bytes") {
  const std::string bytes = sample().encode().bytes;
  const auto differs = [&](auto change) {
    Everything changed = sample();
    change(changed);
    CHECK(changed.encode().bytes != bytes);
  };
  CHECK(sample().encode().bytes == bytes);
  differs([](Everything& e) { e.flag = false; });
  differs([](Everything& e) { e.tiny = 5; });
  differs([](Everything& e) { e.large--; });
  differs([](Everything& e) { e.negative++; });
  differs([](Everything& e) { e.colour = Colour::red; });
  differs([](Everything& e) { e.agent = kNobody; });
  differs([](Everything& e) { e.duration++; });
  differs([](Everything& e) { e.time += Duration(1); });
  differs([](Everything& e) { e.words += ' '; });
  differs([](Everything& e) { e.digest.bytes[31] ^= 1; });
  differs([](Everything& e) { e.filler.bytes++; });
  differs([](Everything& e) { e.maybe.reset(); });
  differs([](Everything& e) { e.maybe = 0; });
  differs([](Everything& e) { e.numbers = {1, 2}; });
  differs([](Everything& e) { e.point.label.reset(); });
  differs([](Everything& e) { e.points[1].label.reset(); });
  differs([](Everything& e) { std::swap(e.digests[0], e.digests[1]); });
  differs([](Everything& e) { e.any = e.leaf; });
  differs([](Everything& e) { e.leaf.reset(); });
  differs([](Everything& e) { e.signature.signer = agent(8); });
  differs([](Everything& e) { e.signature.bytes[63] ^= 1; });
}

TEST_CASE("what looks the same when written one after the other is told apart") {
  Everything a, b;
  a.words = "xy";
  b.words = "x";
  b.numbers = {'y'};
  CHECK(a.encode().bytes != b.encode().bytes);
}

TEST_CASE("filler counts on the wire without being there") {
  Everything all;
  const std::uint64_t without = all.encode().wire_bytes();
  all.filler = {1000};
  CHECK(all.encode().wire_bytes() == without + 1000);
  const Nest outer{.inner = share(std::move(all))};
  CHECK(outer.encode().filler == 1000);
}

TEST_CASE("decoding survives every flipped bit, and what still decodes is another record") {
  const std::string bytes = sample().encode().bytes;
  std::size_t decoded = 0, wrong = 0;
  for (std::size_t bit = 0; bit < bytes.size() * 8; bit++) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const RecordPtr record = decode_record(flipped);
    if (!record) continue;
    decoded++;
    wrong += record->encode().bytes != flipped;
    static_cast<void>(record->json());
    static_cast<void>(record->text());
  }
  CHECK(decoded > 0);
  CHECK(wrong == 0);
}

TEST_CASE("decoding refuses every truncation and every addition") {
  const std::string bytes = sample().encode().bytes;
  std::size_t accepted = 0;
  for (std::size_t size = 0; size < bytes.size(); size++) accepted += decode_record(bytes.substr(0, size)) != nullptr;
  for (int c = 0; c < 256; c++) accepted += decode_record(bytes + static_cast<char>(c)) != nullptr;
  CHECK(accepted == 0);
}

TEST_CASE("decoding survives random strings") {
  Random random(Stream(1, "fuzz"));
  const std::string prefix = sample().encode().bytes.substr(0, 4);
  std::size_t wrong = 0;
  for (int i = 0; i < 100'000; i++) {
    std::string bytes = i % 4 == 0 ? "" : prefix;  // mostly a known kind, so that its fields are reached
    // Small bytes more often than not: lengths and flags that look possible.
    for (std::uint64_t left = random.below(300); left > 0; left--)
      bytes += static_cast<char>(random.below(2) ? random.below(256) : random.below(3));
    wrong += !decodes_canonically(bytes);
  }
  CHECK(wrong == 0);
}

TEST_CASE("records of unknown kinds and of the wrong kind are refused") {
  CHECK(!decode_record("nope and some more"));
  CHECK(!decode_record(""));
  Everything all;
  all.any = share(Leaf{});
  const Nest nest{.inner = share(Nest{})};
  CHECK(decode_record(nest.encode().bytes));
  // A field that must be a leaf, with a nest in it: the bytes of the leaf, its tag changed.
  Everything with_leaf;
  with_leaf.leaf = share(Leaf{.value = 0x1234});
  std::string bytes = with_leaf.encode().bytes;
  const std::string leaf_tag = Leaf{}.encode().bytes.substr(0, 4), number_tag = Numbers{}.encode().bytes.substr(0, 4);
  const std::size_t at = bytes.find(leaf_tag);
  REQUIRE(at != std::string::npos);
  bytes.replace(at, 4, number_tag);
  CHECK(!decode_record(bytes));
}

TEST_CASE("records inside records are read up to a depth and no deeper") {
  CHECK(decode_record(nested(kRecordDepthMax)->encode().bytes));
  CHECK(!decode_record(nested(kRecordDepthMax + 1)->encode().bytes));
  CHECK(decode_record(nested(kRecordDepthMax)->encode().bytes));  // a refusal leaves nothing behind
}

TEST_CASE("sequences are read up to a length and no longer") {
  Numbers numbers;
  numbers.values.assign(kSequenceLengthMax, 1);
  CHECK(decode_record(numbers.encode().bytes));
  numbers.values.push_back(1);
  CHECK(!decode_record(numbers.encode().bytes));
}

TEST_CASE("a forged length allocates nothing") {
  std::string bytes = Numbers{}.encode().bytes;
  bytes.replace(4, 4, "\xff\xff\xff\xff");
  CHECK(!decode_record(bytes));
}

TEST_CASE("kinds are found by name and told apart by address") {
  const Leaf leaf;
  CHECK(find_record_type("test_leaf") == leaf.type);
  CHECK(find_record_type("test_no_such_kind") == nullptr);
  CHECK(leaf.as<Leaf>() == &leaf);
  CHECK(leaf.as<Nest>() == nullptr);
  CHECK(record_tag("") == 2166136261u);
  CHECK(record_tag("foobar") == 0xbf9cf968u);  // from the authors' test vectors of FNV-1a
}

TEST_CASE("a name that shares the tag of a known kind is not that kind") {
  REQUIRE(record_tag("costarring") == record_tag("liquid"));
  REQUIRE(find_record_type("costarring") == Costarring{}.type);
  CHECK(find_record_type("liquid") == nullptr);
}

TEST_CASE("dispatch calls the handler of the kind, once") {
  int leaves = 0, nests = 0;
  const Overload handler{[&](const Leaf&) { leaves++; }, [&](const Nest&) { nests++; }};
  CHECK(dispatch<Leaf, Nest>(Leaf{}, handler));
  CHECK(dispatch<Leaf, Nest>(Nest{}, handler));
  CHECK(!dispatch<Leaf, Nest>(Numbers{}, handler));
  CHECK(leaves == 1);
  CHECK(nests == 1);
}

TEST_CASE("a copied record carries no memo of a signature check") {
  Leaf leaf;
  leaf.checked = Record::Checked::valid;
  const Leaf copy = leaf;
  CHECK(copy.checked == Record::Checked::no);
  Leaf assigned;
  assigned.checked = Record::Checked::valid;
  assigned = leaf;
  CHECK(assigned.checked == Record::Checked::no);
  CHECK(share(leaf)->checked == Record::Checked::no);
}

TEST_CASE("a record is valid JSON, whatever bytes are in it") {
  const auto json = nlohmann::json::parse(sample().json());
  CHECK(json["name"] == "test_everything");
  CHECK(json["flag"] == true);
  CHECK(json["tiny"] == -5);
  CHECK(json["large"] == ~std::uint64_t{0});
  CHECK(json["negative"] == std::numeric_limits<std::int64_t>::min());
  CHECK(json["colour"] == 1);
  CHECK(json["agent"] == 7);
  CHECK(json["duration"] == 250'000'000);
  CHECK(json["words"] == "say \"hi\"\n\\ \u00ff");
  CHECK(json["maybe"] == 9);
  CHECK(json["numbers"] == nlohmann::json({1, 2, 3}));
  CHECK(json["points"][0]["label"] == nullptr);
  CHECK(json["any"]["name"] == "test_leaf");
  CHECK(json["signature"]["signer"] == 7);
  for (int c = 0; c < 256; c++) {
    Everything all;
    all.words = std::string(1, static_cast<char>(c));
    CHECK(nlohmann::json::accept(all.json()));
  }
}

TEST_CASE("the text of a record leaves out its signature") {
  CHECK(Leaf{.value = 5}.text() == "test_leaf value=5");
  CHECK(Nest{}.text() == "test_nest inner=null");
  CHECK(Nest{.inner = share(Leaf{.value = 5})}.text() == "test_nest inner=(test_leaf value=5)");
  CHECK(Numbers{.values = {1, 2}}.text() == "test_numbers values=[1 2]");
  CHECK(sample().text().find("signature") == std::string::npos);
  CHECK(sample().text().find("point=(x=-1 label=p)") != std::string::npos);
}

}  // namespace conclave

// Reads what the Perfetto exporter writes with a protobuf reader of its own, and with field numbers copied from the
// sources of Perfetto once more.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "trace/exporters.hpp"
#include "trace/trace_event.hpp"
#include "trace_samples.hpp"

using namespace conclave;
using namespace conclave::trace_samples;

namespace {

struct Field {
  std::uint64_t number;
  std::uint64_t wire_type;  ///< 0 varint, 1 fixed64, 2 bytes
  std::uint64_t value;
  std::string bytes;
};

std::uint64_t take_varint(std::string_view& rest) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    REQUIRE(!rest.empty());
    REQUIRE(shift < 64);
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return value;
  }
}

std::vector<Field> decode(std::string_view rest) {
  std::vector<Field> fields;
  while (!rest.empty()) {
    const std::uint64_t key = take_varint(rest);
    Field field{key >> 3, key & 7, 0, {}};
    if (field.wire_type == 0) {
      field.value = take_varint(rest);
    } else if (field.wire_type == 1) {
      REQUIRE(rest.size() >= 8);
      for (int i = 7; i >= 0; i--) field.value = field.value << 8 | static_cast<unsigned char>(rest[i]);
      rest.remove_prefix(8);
    } else {
      REQUIRE(field.wire_type == 2);
      const std::uint64_t size = take_varint(rest);
      REQUIRE(size <= rest.size());
      field.bytes = rest.substr(0, size);
      rest.remove_prefix(size);
    }
    fields.push_back(field);
  }
  return fields;
}

std::vector<Field> all(const std::vector<Field>& fields, std::uint64_t number) {
  std::vector<Field> found;
  for (const Field& field : fields)
    if (field.number == number) found.push_back(field);
  return found;
}

/// The only field of that number; the number 0 when there is none.
Field one(const std::vector<Field>& fields, std::uint64_t number) {
  const std::vector<Field> found = all(fields, number);
  REQUIRE(found.size() <= 1);
  return found.empty() ? Field{} : found.front();
}

struct SeenEvent {
  std::uint64_t time;
  std::string track;
  std::string category;
  std::string name;
  std::map<std::string, std::vector<Field>> annotations;
};

struct SeenArrow {
  std::size_t from;  ///< events, in the order of the file
  std::size_t to;
  bool operator==(const SeenArrow&) const = default;
};

struct Seen {
  std::vector<std::string> tracks;  ///< `parent/name`, in the order of the file
  std::vector<SeenEvent> events;
  std::vector<SeenArrow> arrows;  ///< in the order of their arrival
};

class Viewer {
 public:
  Seen look(std::string_view trace) {
    for (const Field& packet : decode(trace)) {
      CHECK(packet.number == 1);
      const std::vector<Field> fields = decode(packet.bytes);
      CHECK(one(fields, 10).value != 0);
      if (const Field descriptor = one(fields, 60); descriptor.number != 0) {
        take_track(decode(descriptor.bytes));
      } else {
        take_event(one(fields, 8).value, decode(one(fields, 11).bytes));
      }
    }
    return seen_;
  }

 private:
  void take_track(const std::vector<Field>& fields) {
    const std::uint64_t uuid = one(fields, 1).value;
    const std::string name = one(fields, 2).bytes;
    CHECK(uuid != 0);
    CHECK_FALSE(name.empty());
    const Field parent = one(fields, 5);
    if (parent.number != 0) REQUIRE(tracks_.contains(parent.value));
    CHECK(tracks_.emplace(uuid, name).second);
    seen_.tracks.push_back(parent.number == 0 ? name : tracks_.at(parent.value) + "/" + name);
  }

  void take_event(std::uint64_t time, const std::vector<Field>& fields) {
    const std::uint64_t track = one(fields, 11).value;
    REQUIRE(tracks_.contains(track));
    CHECK(one(fields, 9).value == 3);
    SeenEvent event{time, tracks_.at(track), one(fields, 22).bytes, one(fields, 23).bytes, {}};
    for (const Field& field : all(fields, 4)) {
      const std::vector<Field> annotation = decode(field.bytes);
      event.annotations.emplace(one(annotation, 10).bytes, annotation);
    }
    take_flows(fields);
    seen_.events.push_back(event);
  }

  /// As trace_processor does: an arrow needs an earlier event with its number, and ends that number's use.
  void take_flows(const std::vector<Field>& fields) {
    for (const Field& flow : all(fields, 47)) {
      CHECK(flow.wire_type == 1);
      CHECK(open_flows_.emplace(flow.value, seen_.events.size()).second);
    }
    for (const Field& flow : all(fields, 48)) {
      CHECK(flow.wire_type == 1);
      REQUIRE(open_flows_.contains(flow.value));
      seen_.arrows.push_back({open_flows_.at(flow.value), seen_.events.size()});
      open_flows_.erase(flow.value);
    }
  }

  std::map<std::uint64_t, std::string> tracks_;
  std::map<std::uint64_t, std::size_t> open_flows_;
  Seen seen_;
};

Seen exported(const Scratch& scratch, const std::vector<Event>& events, const Roster& roster) {
  write_trace(scratch / "trace", events, roster);
  Output out(scratch / "perfetto");
  CHECK(export_perfetto(scratch / "trace", out) == events.size());
  out.close();
  return Viewer().look(read_file(scratch / "perfetto"));
}

}  // namespace

TEST_CASE("perfetto: a track for each group and agent, in the order of the scenario") {
  Scratch scratch;
  const Seen seen = exported(scratch, small_run(), small_roster());
  CHECK(seen.tracks == std::vector<std::string>{"replica", "replica/replica[0]", "replica/replica[1] (faulty)",
                                                "client", "client/client[0]"});
}

TEST_CASE("perfetto: an instant for each event, named by what happened") {
  Scratch scratch;
  const Seen seen = exported(scratch, small_run(), small_roster());
  std::vector<std::string> events;
  for (const SeenEvent& event : seen.events)
    events.push_back(std::to_string(event.time) + " " + event.track + " " + event.category + ": " + event.name);
  CHECK(events == std::vector<std::string>{
                      "0 replica[0] started: started",
                      "1500000 client[0] requested: request 1",
                      "1500000 client[0] sent: send trace_vote",
                      "1500000 replica[0] delivered: trace_vote",
                      "1500001 replica[0] sent: send trace_vote",
                      "1600000 replica[1] (faulty) dropped: drop trace_vote",
                      "1700000 replica[1] (faulty) stopped: stopped",
                      "1800000 replica[1] (faulty) restarted: restarted",
                      "1900000 replica[0] timer: timer 2",
                      "2000000 replica[0] worked: work done",
                      "2100001 client[0] delivered: trace_vote",
                      "9000000000000 client[0] emitted: trace_vote",
                  });
}

TEST_CASE("perfetto: an arrow for each arrival, also of a broadcast and of a message that takes no time") {
  Scratch scratch;
  const Seen seen = exported(scratch, small_run(), small_roster());
  CHECK(seen.arrows == std::vector<SeenArrow>{{2, 3}, {2, 5}, {4, 10}});
}

TEST_CASE("perfetto: a message that arrives twice has two arrows") {
  Scratch scratch;
  std::vector<Event> events = small_run();
  events.back() = {.time = at_ns(9000000000000),
                   .agent = agent(2),
                   .number = 3,
                   .kind = EventKind::delivered,
                   .peer = agent(0),
                   .message = 1,
                   .amount = 1};
  CHECK(exported(scratch, events, small_roster()).arrows == std::vector<SeenArrow>{{2, 3}, {2, 5}, {4, 10}, {4, 11}});
}

TEST_CASE("perfetto: details keep their types, and control characters are escaped") {
  Scratch scratch;
  const Seen seen = exported(scratch, small_run(), small_roster());
  const auto& delivery = seen.events.at(10).annotations;
  CHECK(one(delivery.at("from"), 6).bytes == "replica[0]");
  CHECK(one(delivery.at("latency_ns"), 3).value == 600000);
  CHECK_FALSE(delivery.contains("t"));

  std::map<std::string, std::vector<Field>> body;
  for (const Field& entry : all(seen.events.at(2).annotations.at("body"), 11)) {
    const std::vector<Field> fields = decode(entry.bytes);
    body.emplace(one(fields, 10).bytes, fields);
  }
  CHECK(one(body.at("view"), 3).value == UINT64_MAX);
  CHECK(static_cast<std::int64_t>(one(body.at("weight"), 4).value) == -3);
  CHECK(one(body.at("final"), 2).value == 1);
  CHECK(one(body.at("note"), 6).bytes == "a\\u000a\"b\"");
  CHECK(one(decode(all(body.at("seen"), 12).at(1).bytes), 3).value == 5);
}

TEST_CASE("perfetto: names are never empty") {
  CHECK(printable("") == "unnamed");
  CHECK(printable("a\tb\x7f") == "a\\u0009b\\u007f");
  CHECK(printable("prepare") == "prepare");
}

TEST_CASE("exports: are found by the name of their format") {
  CHECK(export_formats() == std::vector<std::string>{"perfetto", "shiviz"});
  CHECK((find_exporter("shiviz")->write == &export_shiviz));
  CHECK(find_exporter("Perfetto") == nullptr);
}

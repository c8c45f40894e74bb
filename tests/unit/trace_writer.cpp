#include "trace/trace_writer.hpp"

#include <doctest/doctest.h>

#include "trace/trace_reader.hpp"
#include "trace_samples.hpp"

using namespace conclave;
using namespace conclave::trace_samples;

namespace {

constexpr std::string_view kGolden =
    R"({"conclave":"0.1.0","scenario":"small","seed":7,"format":1,"agents":[{"group":"replica","first":0,"count":2},{"group":"client","first":2,"count":1}],"faulty":[1]}
{"t":0,"agent":0,"n":0,"event":"started"}
{"t":1500000,"agent":0,"n":1,"event":"delivered","from":2,"message":7,"kind":"trace_vote","latency_ns":0}
{"t":1500000,"agent":2,"n":0,"event":"requested","request":1}
{"t":1500000,"agent":2,"n":1,"event":"sent","message":7,"kind":"trace_vote","to":"many","bytes":200,"body":{"name":"trace_vote","view":18446744073709551615,"weight":-3,"final":true,"note":"a\u000a\"b\"","seen":[4,5]}}
{"t":1500001,"agent":0,"n":2,"event":"sent","message":1,"kind":"trace_vote","to":2,"bytes":64,"body":{"name":"trace_vote","view":18446744073709551615,"weight":-3,"final":true,"note":"","seen":[4,5]}}
{"t":1600000,"agent":1,"n":0,"event":"dropped","from":2,"message":7,"kind":"trace_vote","reason":"link_off"}
{"t":1700000,"agent":1,"n":1,"event":"stopped"}
{"t":1800000,"agent":1,"n":2,"event":"restarted"}
{"t":1900000,"agent":0,"n":3,"event":"timer","timer":2,"id":9}
{"t":2000000,"agent":0,"n":4,"event":"worked","id":5,"completed":true}
{"t":2100001,"agent":2,"n":2,"event":"delivered","from":0,"message":1,"kind":"trace_vote","latency_ns":600000}
{"t":9000000000000,"agent":2,"n":3,"event":"emitted","record":{"name":"trace_vote","view":18446744073709551615,"weight":-3,"final":true,"note":"done","seen":[4,5]}}
)";

/// Writes the golden trace with one piece of text replaced and returns what the reader says of it.
std::string damage(const Scratch& scratch, std::string_view what, std::string_view with) {
  std::string text(kGolden);
  const std::size_t at = text.find(what);
  REQUIRE(at != text.npos);
  write_file(scratch / "damaged", text.replace(at, what.size(), with));
  try {
    TraceReader reader(scratch / "damaged");
    for (TraceEvent event; reader.next(event);) continue;
  } catch (const TraceError& error) {
    const std::string message = error.what();
    const std::string file = (scratch / "damaged").native() + ": ";
    CHECK(message.starts_with(file));
    return message.substr(file.size());
  }
  return "no error";
}

}  // namespace

TEST_CASE("trace: one line for each kind of event, exactly so") {
  Scratch scratch;
  write_trace(scratch / "trace", small_run(), small_roster());
  CHECK(read_file(scratch / "trace") == kGolden);
}

TEST_CASE("trace: the extremes of all numbers fit a line") {
  Scratch scratch;
  const std::vector<Event> events{{.time = kNever,
                                   .agent = agent(2),
                                   .number = UINT64_MAX,
                                   .kind = EventKind::delivered,
                                   .peer = agent(1),
                                   .message = UINT64_MAX,
                                   .amount = UINT64_MAX}};
  write_trace(scratch / "trace", events, small_roster());
  TraceReader reader(scratch / "trace");
  TraceEvent event;
  REQUIRE(reader.next(event));
  CHECK(event.time == kNever);
  CHECK(event.number == UINT64_MAX);
  CHECK(event.message == MessageId{agent(1), UINT64_MAX});
  CHECK(event.fields.at("latency_ns") == UINT64_MAX);
  CHECK(event.subject == "unknown");
}

TEST_CASE("trace: a header that would break the lines is refused") {
  Scratch scratch;
  Output out(scratch / "trace");
  for (const std::string_view header : {"", "[]", "{\n}", "{"})
    CHECK_THROWS_AS(TraceWriter(out, header, small_roster()), std::invalid_argument);
}

TEST_CASE("trace: comes back as it was written, plain and compressed") {
  Scratch scratch;
  for (const auto compression : {Output::Compression::none, Output::Compression::zstd}) {
    write_trace(scratch / "trace", small_run(), small_roster(), compression);
    TraceReader reader(scratch / "trace");
    CHECK(reader.header().at("seed") == 7);
    CHECK(reader.roster().name(agent(2)) == "client[0]");
    CHECK(reader.roster().honest(agent(0)));
    CHECK_FALSE(reader.roster().honest(agent(1)));
    for (const Event& written : small_run()) {
      TraceEvent read;
      REQUIRE(reader.next(read));
      CHECK(read.time == written.time);
      CHECK(read.agent == written.agent);
      CHECK(read.number == written.number);
      CHECK(read.kind == written.kind);
      CHECK(read.peer == written.peer);
      if (written.record) CHECK(read.subject == "trace_vote");
      if (read.arrival()) CHECK(read.message == MessageId{written.peer, written.message});
      if (written.kind == EventKind::sent)
        CHECK(read.fields.at("body") == nlohmann::json::parse(written.record->json()));
    }
    TraceEvent none;
    CHECK_FALSE(reader.next(none));
  }
}

TEST_CASE("trace: damage is reported with its line") {
  Scratch scratch;
  CHECK(damage(scratch, "1,\"agents\"", "1,\"agents\"") == "no error");
  CHECK(damage(scratch, "\"latency_ns\":0}", "\"latency_ns\":0").starts_with("line 3: damaged: "));
  CHECK(damage(scratch, "\"from\":2", "\"from\":3") == "line 3: damaged: `from` is 3, but there are 3 agents");
  CHECK(damage(scratch, "\"from\":2", "\"form\":2") == "line 3: damaged: `from` is missing");
  CHECK(damage(scratch, "\"message\":7", "\"message\":-7") ==
        "line 3: damaged: `message` should be a whole number, and is -7");
  CHECK(damage(scratch, "stopped", "stooped") == "line 8: damaged: `stooped` is no kind of event");
  CHECK(damage(scratch, "1700000", "1500000") == "line 8: damaged: the event is out of order");
  CHECK(damage(scratch, "\"done\",\"seen\":[4,5]}}\n", "\"do") ==
        "line 13: the file ends in the middle of the line: it was cut off");
  CHECK(damage(scratch, "\"format\":1", "\"format\":2") ==
        "line 1: the trace has format 2, and this version of conclave reads format 1");
  CHECK(damage(scratch, "\"conclave\"", "\"conclove\"") == "line 1: not the header of a trace");
  CHECK(damage(scratch, "\"count\":2", "\"count\":[]").starts_with("line 1: not the header of a trace: "));
  CHECK(damage(scratch, kGolden, "") == "line 1: the file is empty");
}

TEST_CASE("trace: a compressed file that was cut off or altered is an error") {
  Scratch scratch;
  write_trace(scratch / "trace", small_run(), small_roster(), Output::Compression::zstd);
  const std::string whole = read_file(scratch / "trace");
  const auto read_all = [&] {
    TraceReader reader(scratch / "trace");
    for (TraceEvent event; reader.next(event);) continue;
  };
  CHECK_NOTHROW(read_all());
  write_file(scratch / "trace", whole.substr(0, whole.size() - 1));
  CHECK_THROWS_WITH_AS(read_all(), doctest::Contains("it was cut off"), TraceError);
  std::string altered = whole;
  altered.back() ^= 1;  // in the checksum
  write_file(scratch / "trace", altered);
  CHECK_THROWS_WITH_AS(read_all(), doctest::Contains("damaged"), TraceError);
}

TEST_CASE("trace: is found in a run's folder, or the reason is said why not") {
  Scratch scratch;
  CHECK_THROWS_WITH_AS(find_trace(scratch / "none"), doctest::Contains("there is no such folder"), TraceError);
  CHECK_THROWS_WITH_AS(find_trace(scratch.path()), doctest::Contains("it has no verdict.json"), TraceError);
  write_file(scratch / "verdict.json", "{}");
  CHECK_THROWS_WITH_AS(find_trace(scratch.path()), doctest::Contains("--no-trace"), TraceError);
  write_file(scratch / "trace.jsonl.zst", "");
  CHECK(find_trace(scratch.path()) == scratch / "trace.jsonl.zst");
  write_file(scratch / "trace.jsonl", "");
  CHECK(find_trace(scratch.path()) == scratch / "trace.jsonl");
}

#include "trace/trace_writer.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace conclave {

namespace {

/// A line without the name of its kind and without its body, at most: some keys and six numbers.
constexpr std::size_t kLineBytes = 512;

/// `00` to `99`: numbers are written two digits at a time.
constexpr auto kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; i++) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

std::size_t count_digits(std::uint64_t value) {
  static constexpr auto kPowers = [] {
    std::array<std::uint64_t, 20> powers{};  // powers[0] is 0, so that 0 has a digit
    std::uint64_t power = 1;
    for (std::size_t i = 1; i < 20; i++) powers[i] = power *= 10;
    return powers;
  }();
  const auto guess = static_cast<std::size_t>(std::bit_width(value | 1) * 1233 >> 12);  // bits * log10(2)
  return guess + (value >= kPowers[guess]);
}

/// Appends to room that is known to suffice. Half the cost of a trace is here: literals are copied with their length
/// known to the compiler, and numbers where they belong.
class Cursor {
 public:
  explicit Cursor(char* at) : at_(at) {}

  template <std::size_t Size>
  void put(const char (&literal)[Size]) {
    std::memcpy(at_, literal, Size - 1);
    at_ += Size - 1;
  }
  void put(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  void put(std::uint64_t value) {
    char* digit = at_ += count_digits(value);
    for (; value >= 100; value /= 100) std::memcpy(digit -= 2, &kPairs[value % 100 * 2], 2);
    if (value >= 10) {
      std::memcpy(digit - 2, &kPairs[value * 2], 2);
    } else {
      digit[-1] = static_cast<char>('0' + value);
    }
  }
  void put(AgentId id) { put(std::uint64_t{index(id)}); }
  char* end() const { return at_; }

 private:
  char* at_;
};

std::string_view kind_name(const Event& event) {
  return event.type ? event.type->name : "unknown";
}

void put_arrival(Cursor& line, const Event& event) {
  line.put(event.peer);
  line.put(",\"message\":");
  line.put(event.message);
  line.put(",\"kind\":\"");
  line.put(kind_name(event));
}

/// What link rules did to a message, if they did anything.
void put_injected(Cursor& line, const Event& event) {
  if (event.held_back > Duration::zero()) {
    line.put(",\"held_back_ns\":");
    line.put(static_cast<std::uint64_t>(event.held_back.count()));
  }
  if (event.copy > 0) {
    line.put(",\"copy\":");
    line.put(std::uint64_t{event.copy});
  }
}

void put_departure(Cursor& line, const Event& event) {
  line.put("sent\",\"message\":");
  line.put(event.message);
  line.put(",\"kind\":\"");
  line.put(kind_name(event));
  line.put("\",\"to\":");
  event.peer == kNobody ? line.put("\"many\"") : line.put(event.peer);
  line.put(",\"bytes\":");
  line.put(event.amount);
}

/// The name of the kind of event, without its opening quote, and what is particular to it, without the body of those
/// that have one.
void put_details(Cursor& line, const Event& event) {
  switch (event.kind) {
    case EventKind::started: return line.put("started\"");
    case EventKind::stopped: return line.put("stopped\"");
    case EventKind::restarted: return line.put("restarted\"");
    case EventKind::requested: line.put("requested\",\"request\":"); return line.put(event.message);
    case EventKind::sent: return put_departure(line, event);
    case EventKind::delivered:
      line.put("delivered\",\"from\":");
      put_arrival(line, event);
      line.put("\",\"latency_ns\":");
      line.put(event.amount);
      return put_injected(line, event);
    case EventKind::dropped:
      line.put("dropped\",\"from\":");
      put_arrival(line, event);
      line.put("\",\"reason\":\"");
      line.put(name(static_cast<DropReason>(event.amount)));
      line.put("\"");
      return put_injected(line, event);
    case EventKind::timer:
      line.put("timer\",\"timer\":");
      line.put(event.amount);
      line.put(",\"id\":");
      return line.put(event.message);
    case EventKind::worked:
      line.put("worked\",\"id\":");
      line.put(event.message);
      return event.amount == 1 ? line.put(",\"completed\":true") : line.put(",\"completed\":false");
    case EventKind::emitted:
      line.put("emitted\"");
      if (event.record) return;
      line.put(",\"record\":{\"name\":\"");
      line.put(kind_name(event));
      return line.put("\"}");
  }
}

std::string agents_json(const Roster& roster) {
  std::string out = "\"agents\":[";
  for (const Group& group : roster.groups()) {
    if (&group != &roster.groups().front()) out += ',';
    out += "{\"group\":";
    codec::append_json_string(out, group.name);
    out += fmt::format(",\"first\":{},\"count\":{}}}", index(group.agents.first), group.agents.count);
  }
  out += "],\"faulty\":[";
  bool first = true;
  for (const AgentId id : AgentRange{agent(0), roster.size()}) {
    if (roster.honest(id)) continue;
    out += fmt::format("{}{}", first ? "" : ",", index(id));
    first = false;
  }
  return out += ']';
}

}  // namespace

TraceWriter::TraceWriter(Output& out, std::string_view header, const Roster& roster) : out_(out) {
  if (header.size() < 2 || header.front() != '{' || header.back() != '}' || header.find('\n') != header.npos)
    throw std::invalid_argument("the header of a trace is one JSON object on one line");
  header.remove_suffix(1);
  out_.write(header);
  if (header != "{") out_.write(",");
  out_.write(fmt::format("\"format\":{},{}", kTraceFormat, agents_json(roster)));
  out_.write("}\n");
}

void TraceWriter::observe(const Event& event) {
  Cursor line(out_.reserve(kLineBytes + kind_name(event).size()));
  line.put("{\"t\":");
  line.put(static_cast<std::uint64_t>(nanoseconds(event.time)));
  line.put(",\"agent\":");
  line.put(event.agent);
  line.put(",\"n\":");
  line.put(event.number);
  line.put(",\"event\":\"");
  put_details(line, event);
  const bool has_body = event.kind == EventKind::sent || event.kind == EventKind::emitted;
  if (has_body && event.record) {
    out_.commit(line.end());
    write_body(event.kind == EventKind::sent ? "body" : "record", event);
    return out_.write("}\n");
  }
  line.put("}\n");
  out_.commit(line.end());
}

void TraceWriter::write_body(std::string_view key, const Event& event) {
  const Record& record = *event.record;
  body_ = ",\"";
  body_.append(key).append("\":{\"name\":\"").append(record.type->name).append("\"");
  record.type->write_json(record, body_);
  body_ += '}';
  out_.write(body_);
}

}  // namespace conclave

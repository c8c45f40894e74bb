#include "trace/trace_event.hpp"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>

namespace conclave {

namespace {

using nlohmann::json;

const json& member(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) throw std::runtime_error(fmt::format("`{}` is missing", key));
  return *found;
}

std::uint64_t number_of(const json& object, const char* key) {
  const json& value = member(object, key);
  if (!value.is_number_unsigned())
    throw std::runtime_error(fmt::format("`{}` should be a whole number, and is {}", key, value.dump()));
  return value.get<std::uint64_t>();
}

std::string text_of(const json& object, const char* key) {
  const json& value = member(object, key);
  if (!value.is_string()) throw std::runtime_error(fmt::format("`{}` should be text, and is {}", key, value.dump()));
  return value.get<std::string>();
}

AgentId agent_of(const json& object, const char* key, const Roster& roster) {
  const std::uint64_t number = number_of(object, key);
  if (number >= roster.size())
    throw std::runtime_error(fmt::format("`{}` is {}, but there are {} agents", key, number, roster.size()));
  return agent(number);
}

EventKind kind_of(const json& object) {
  const std::string text = text_of(object, "event");
  for (int i = 0; i < kEventKinds; i++)
    if (const auto kind = static_cast<EventKind>(i); name(kind) == text) return kind;
  throw std::runtime_error(fmt::format("`{}` is no kind of event", text));
}

/// Reads what is particular to the kind of event, and checks the rest of it.
void parse_details(TraceEvent& event, const Roster& roster) {
  const json& fields = event.fields;
  switch (event.kind) {
    case EventKind::started:
    case EventKind::stopped:
    case EventKind::restarted: return;
    case EventKind::requested: number_of(fields, "request"); return;
    case EventKind::sent:
      event.message = {event.agent, number_of(fields, "message")};
      event.subject = text_of(fields, "kind");
      if (member(fields, "to") != "many") event.peer = agent_of(fields, "to", roster);
      number_of(fields, "bytes");
      return;
    case EventKind::delivered:
    case EventKind::dropped:
      event.peer = agent_of(fields, "from", roster);
      event.message = {event.peer, number_of(fields, "message")};
      event.subject = text_of(fields, "kind");
      event.kind == EventKind::delivered ? void(number_of(fields, "latency_ns")) : void(text_of(fields, "reason"));
      return;
    case EventKind::timer: number_of(fields, "timer"), number_of(fields, "id"); return;
    case EventKind::worked:
      number_of(fields, "id");
      if (!member(fields, "completed").is_boolean()) throw std::runtime_error("`completed` should be true or false");
      return;
    case EventKind::emitted: event.subject = text_of(member(fields, "record"), "name"); return;
  }
}

}  // namespace

TraceEvent parse_trace_event(std::string_view line, const Roster& roster) {
  TraceEvent event;
  event.fields = json::parse(line);
  if (!event.fields.is_object()) throw std::runtime_error("it is not a JSON object");
  event.time = Time(Duration(static_cast<std::int64_t>(number_of(event.fields, "t"))));
  event.agent = agent_of(event.fields, "agent", roster);
  event.number = number_of(event.fields, "n");
  event.kind = kind_of(event.fields);
  parse_details(event, roster);
  return event;
}

std::string title(const TraceEvent& event) {
  const std::string subject = printable(event.subject);
  switch (event.kind) {
    case EventKind::delivered:
    case EventKind::emitted: return subject;
    case EventKind::sent: return "send " + subject;
    case EventKind::dropped: return "drop " + subject;
    case EventKind::requested: return fmt::format("request {}", number_of(event.fields, "request"));
    case EventKind::timer: return fmt::format("timer {}", number_of(event.fields, "timer"));
    case EventKind::worked: return event.fields.at("completed") ? "work done" : "work failed";
    case EventKind::started:
    case EventKind::stopped:
    case EventKind::restarted: break;
  }
  return std::string(name(event.kind));
}

std::string printable(std::string_view text) {
  if (text.empty()) return "unnamed";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    byte < 0x20 || byte == 0x7f ? void(out += fmt::format("\\u{:04x}", byte)) : void(out += c);
  }
  return out;
}

}  // namespace conclave

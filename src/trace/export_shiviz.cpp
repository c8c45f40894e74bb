// Turns a trace into a log for ShiViz: two lines an event, the first with its agent and vector clock, the second with
// its text, behind a header that tells ShiViz so.
//
// A clock has only the entries that ShiViz draws from: the agent's own and, when a message arrives, its sender's.
// ShiViz takes entries that are left out as unchanged. Clocks with all entries would be 50 times as long, and would
// hide the arrows of messages that other messages overtook on another way.

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "trace/causal_order.hpp"
#include "trace/exporters.hpp"

namespace conclave {

namespace {

/// ShiViz takes the first line as the pattern of an event, and the second as that of what parts several runs: none
/// here.
constexpr std::string_view kHeader = "(?<host>\\S*) (?<clock>{.*})\\n(?<time>\\S*) (?<event>.*)\n\n";

class ShivizWriter {
 public:
  ShivizWriter(const Roster& roster, Output& out) : out_(out), own_(roster.size()) {
    // A host's name is one word, in ShiViz's pattern and as a key in the clocks.
    for (const AgentId id : AgentRange{agent(0), roster.size()}) {
      std::string name = roster.name(id);
      for (char& c : name)
        if (c <= ' ' || c == '"' || c == '\\' || c == 0x7f) c = '_';
      names_.push_back(std::move(name));
    }
  }

  void write(const TraceEvent& event) {
    const std::uint32_t host = index(event.agent);
    const std::uint64_t own = ++own_[host];
    out_.write(fmt::format("{} {{\"{}\":{}", names_[host], names_[host], own));
    if (event.kind == EventKind::sent) sent_.emplace(event.message, own);
    if (event.kind == EventKind::delivered) write_cause(event);
    out_.write(fmt::format("}}\n{} {}\n", nanoseconds(event.time), describe(event)));
  }

 private:
  /// The entry of the sender, unless the receiver knows as much already: clocks never go back.
  void write_cause(const TraceEvent& event) {
    const auto sent = sent_.find(event.message);
    if (sent == sent_.end() || event.peer == event.agent) return;
    std::uint64_t& known = known_[{event.agent, event.peer}];
    if (sent->second <= known) return;
    known = sent->second;
    out_.write(fmt::format(",\"{}\":{}", names_[index(event.peer)], known));
  }

  std::string describe(const TraceEvent& event) const {
    const auto peer = [&] { return event.peer == kNobody ? "many" : names_[index(event.peer)]; };
    switch (event.kind) {
      case EventKind::sent: return fmt::format("{} #{} to {}", title(event), event.message.number, peer());
      case EventKind::delivered:
        return fmt::format("deliver {} #{} from {}", title(event), event.message.number, peer());
      case EventKind::dropped:
        return fmt::format("{} #{} from {}: {}", title(event), event.message.number, peer(),
                           printable(event.fields.at("reason").get<std::string>()));
      case EventKind::emitted: {
        nlohmann::json rest = event.fields.at("record");
        rest.erase("name");
        return fmt::format("{} {}", title(event), rest.dump(-1, ' ', true));
      }
      default: return title(event);
    }
  }

  Output& out_;
  std::vector<std::string> names_;
  std::vector<std::uint64_t> own_;                              ///< events of each agent so far
  std::map<MessageId, std::uint64_t> sent_;                     ///< the sender's clock at the departure of each message
  std::map<std::pair<AgentId, AgentId>, std::uint64_t> known_;  ///< of (receiver, sender): the sender's clock
};

}  // namespace

std::uint64_t export_shiviz(const std::filesystem::path& trace, Output& out) {
  CausalReader reader(trace);
  const Roster& roster = reader.trace().roster();
  if (roster.size() > kShivizAgentsMax)
    throw TraceError(
        fmt::format("{}: the run has {} agents, and ShiViz copes with {} at most; the format `perfetto` has "
                    "no such limit",
                    trace.native(), roster.size(), kShivizAgentsMax));
  ShivizWriter writer(roster, out);
  out.write(kHeader);
  std::uint64_t events = 0;
  for (; const TraceEvent* event = reader.next(); events++) writer.write(*event);
  return events;
}

}  // namespace conclave

// What the tests of traces share: a folder of their own, and a small run with one event of each kind.
#pragma once

#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.hpp"
#include "core/roster.hpp"
#include "trace/output.hpp"
#include "trace/run_folder.hpp"
#include "trace/trace_writer.hpp"

namespace conclave::trace_samples {

/// An empty folder that goes away with its owner.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "conclave-trace-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no scratch folder");
    path_ = std::filesystem::canonical(name);
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  /// Names in the folder, hidden ones too.
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator()));
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::filesystem::path& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

struct TraceVote : RecordOf<TraceVote> {
  static constexpr std::string_view kName = "trace_vote";
  std::uint64_t view = 0;
  std::int64_t weight = 0;
  bool final = false;
  std::string note;
  std::vector<std::uint32_t> seen;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("weight", self.weight);
    field("final", self.final);
    field("note", self.note);
    field("seen", self.seen);
  }
};

inline RecordPtr vote(std::string note) {
  TraceVote vote;
  vote.view = 18446744073709551615u;
  vote.weight = -3;
  vote.final = true;
  vote.note = std::move(note);
  vote.seen = {4, 5};
  return share(std::move(vote));
}

/// Agents 0 and 1 are replicas, agent 2 is the client; agent 1 is faulty.
inline Roster small_roster() {
  Roster roster;
  roster.add("replica", 2, "pbft");
  roster.add("client", 1, "consensus_client");
  roster.mark_faulty(agent(1));
  return roster;
}

inline Time at_ns(std::int64_t ns) {
  return Time(Duration(ns));
}

/// One event of each kind. Agent 2 multicasts message 7, which agent 0 gets in the same instant and agent 1 does not.
inline std::vector<Event> small_run() {
  const RecordType* type = &kRecordType<TraceVote>;
  const std::vector<Event> events{
      {.time = at_ns(0), .agent = agent(0), .number = 0, .kind = EventKind::started},
      {.time = at_ns(1500000),
       .agent = agent(0),
       .number = 1,
       .kind = EventKind::delivered,
       .peer = agent(2),
       .message = 7,
       .amount = 0,
       .type = type},
      {.time = at_ns(1500000), .agent = agent(2), .number = 0, .kind = EventKind::requested, .message = 1},
      {.time = at_ns(1500000),
       .agent = agent(2),
       .number = 1,
       .kind = EventKind::sent,
       .message = 7,
       .amount = 200,
       .type = type,
       .record = vote("a\n\"b\"")},
      {.time = at_ns(1500001),
       .agent = agent(0),
       .number = 2,
       .kind = EventKind::sent,
       .peer = agent(2),
       .message = 1,
       .amount = 64,
       .type = type,
       .record = vote("")},
      {.time = at_ns(1600000),
       .agent = agent(1),
       .number = 0,
       .kind = EventKind::dropped,
       .peer = agent(2),
       .message = 7,
       .amount = 1,
       .type = type},
      {.time = at_ns(1700000), .agent = agent(1), .number = 1, .kind = EventKind::stopped},
      {.time = at_ns(1800000), .agent = agent(1), .number = 2, .kind = EventKind::restarted},
      {.time = at_ns(1900000), .agent = agent(0), .number = 3, .kind = EventKind::timer, .message = 9, .amount = 2},
      {.time = at_ns(2000000), .agent = agent(0), .number = 4, .kind = EventKind::worked, .message = 5, .amount = 1},
      {.time = at_ns(2100001),
       .agent = agent(2),
       .number = 2,
       .kind = EventKind::delivered,
       .peer = agent(0),
       .message = 1,
       .amount = 600000,
       .type = type},
      {.time = at_ns(9000000000000),
       .agent = agent(2),
       .number = 3,
       .kind = EventKind::emitted,
       .type = type,
       .record = vote("done")},
  };
  return events;
}

inline constexpr std::string_view kHeader = R"({"conclave":"0.1.0","scenario":"small","seed":7})";

inline void write_trace(const std::filesystem::path& path, const std::vector<Event>& events, const Roster& roster,
                        Output::Compression compression = Output::Compression::none) {
  Output out(path, compression);
  TraceWriter writer(out, kHeader, roster);
  for (const Event& event : events) writer.observe(event);
  out.close();
}

}  // namespace conclave::trace_samples

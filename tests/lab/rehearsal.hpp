// A rehearsal: protocols on a network that a test describes by one function, without SimGrid. It is made for counting
// messages and message delays exactly, and for thousands of short runs under loss, duplication and reordering.
//
// Steps take no time. A message takes what the test says; with the default of one unit for all, the time of an event in
// units is its number of message delays.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalog.hpp"
#include "core/event.hpp"
#include "lab/words.hpp"

namespace conclave::lab {

/// The message delay of a network that nobody has described.
inline constexpr Duration kHop = std::chrono::milliseconds(1);

/// One message for one receiver.
struct Letter {
  AgentId from;
  AgentId to;
  const Record& body;
  Time sent;
};

class Rehearsal {
 public:
  /// The delays of all copies of a letter that arrive: none if it is lost.
  using Network = std::function<std::vector<Duration>(const Letter&, Random&)>;

  explicit Rehearsal(std::uint64_t seed = 1);
  ~Rehearsal();

  // The cast, before start().

  /// `stack` is a protocol and the behaviours around it, outermost first, with commas: `silent, hotstuff{f=1}`.
  /// Agents with a behaviour are faulty.
  AgentRange add(const std::string& group, std::uint32_t count, std::string_view stack);
  /// Puts behaviours around one agent, the outermost first, as in `impatient, forge_view_change{forgery=proof}`, and so
  /// makes it faulty.
  void misbehave(AgentId id, std::string_view behaviours);
  /// Makes a faulty agent of two honest ones with one name and one key, each talking to some of the others: what
  /// equivocation, amnesia and double votes come down to. Unlike those of the behaviour `twins`, they change sides:
  /// who talks to which is drawn anew every `period`.
  void make_twins(AgentId id, Duration period);
  void set_network(Network network) { network_ = std::move(network); }
  void start();

  // What happens.

  /// The workload asks the agent for its next request.
  void request(AgentId id);
  /// As if the agent's host had been off and on: its timers and the messages to it are gone.
  void restart(AgentId id);
  /// Handles everything that happens until then.
  void run_until(Time end);

  // What was seen.

  Time now() const { return now_; }
  const Roster& roster() const { return roster_; }
  const std::vector<Event>& events() const { return events_; }
  /// Emitted events of one kind with their agents and times.
  template <class Kind>
  std::vector<Event> emitted() const {
    std::vector<Event> found;
    for (const Event& event : events_)
      if (event.record->as<Kind>()) found.push_back(event);
    return found;
  }
  /// Messages sent so far by kind, one for each receiver.
  const std::map<std::string_view, std::uint64_t>& sent() const { return sent_; }
  /// Called for each letter that arrives.
  void on_delivery(std::function<void(const Letter&)> look) { look_ = std::move(look); }
  /// The verdict of a checker on the events so far; `heal_at` and options as in a scenario.
  Verdict verdict(std::string_view checker, Time heal_at = kStartOfRun) const;

 private:
  struct Agent;
  struct Occurrence {
    AgentId agent{};
    std::size_t self = 0;     ///< which of the twins a timer is of
    std::uint64_t epoch = 0;  ///< of the agent when it was sent: a restart begins a new one
    AgentId from = kNobody;
    RecordPtr body;  ///< a message, or nullptr for a timer
    Time sent;
    TimerKey timer;
  };

  void give(AgentId id, std::size_t self, const Input& input);
  void perform(AgentId id, std::size_t self, const Effect& effect);
  bool talks(AgentId twin, std::size_t self, AgentId peer) const;
  void post(AgentId from, AgentId to, const RecordPtr& body);

  Roster roster_;
  std::vector<std::unique_ptr<Agent>> agents_;
  const std::unique_ptr<KeyRing> keys_;
  Random random_;
  const std::uint64_t seed_;
  Network network_;
  std::function<void(const Letter&)> look_;
  std::map<std::pair<Time, std::uint64_t>, Occurrence> pending_;  ///< by time, then by when it was asked for
  std::uint64_t asked_ = 0;
  std::map<std::string_view, std::uint64_t> sent_;
  std::vector<Event> events_;
  Time now_ = kStartOfRun;
};

}  // namespace conclave::lab

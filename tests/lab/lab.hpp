// The scripted lab: runs protocols by commands, one at a time, and writes down what happens. Notebooks (notebook.hpp)
// are made of these commands. AGENTS stands for `replica`, `replica[3]`, `replica[1..2]` or several with commas.
//
// The cast, before anything else:
//   agents GROUP=COUNT:STACK…        groups in order; STACK is a protocol and the layers around it, outermost first,
//                                    each with parameters or without: `agents r=4:causal+pbft{f=1}
//                                    client=1:consensus_client`
//   behave BEHAVIOUR AGENTS          these agents misbehave so: `behave silent replica[3]`
//   start                            every agent gets its first input
//
// What comes from outside:
//   request AGENTS [payload=BYTES]   the workload asks each of them for its next request
//   advance DURATION                 moves the time on, the only thing that does; shows which timers are due
//   fire AGENTS [timer=KEY]          fires a timer of each: KEY, or the one due first. KEY is as `timers` shows it
//   fire due                         fires what is due by now, in order
//   finish AGENTS [failed]           ends all pending computations and transfers
//   restart AGENTS                   off and on again: timers, work and messages to them are gone
//
// Messages in flight, all or those that pass every FILTER:
//   from=AGENTS  to=AGENTS  kind=NAME  with=FIELD=VALUE  first=COUNT
//
//   deliver [all] [FILTER…] [quiet]  delivers, in order of sender, message number, receiver; what this sends waits
//   stabilize [FILTER…] [quiet]      delivers round after round until nothing is left; quiet shows only what is emitted
//   drop [FILTER…]                   loses them
//   duplicate [FILTER…]              adds a copy of each
//   corrupt bit=N [FILTER…]          flips a bit of the encoded bytes, counted from the end if negative
//   relay by=AGENT [FILTER…]         AGENT sends the same body to the same receiver, under its own name
//
// What can be seen:
//   show [FILTER…]                   messages in flight
//   timers                           pending timers, in order of time
//   events [AGENTS]                  all that they have emitted so far
//   status                           every agent, its stack, what is pending
//   check CHECKER…                   the verdicts of checkers on the events so far
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/words.hpp"
#include "lab/world.hpp"

namespace conclave::lab {

/// Messages that one `stabilize` delivers at most. Reaching the limit is written on the page.
inline constexpr std::size_t kDeliveriesMax = 5'000;

class Lab {
 public:
  /// Runs one command and returns the page it filled. Throws LabError if the command makes no sense.
  std::string run(std::string_view command);

 private:
  struct Command {
    std::string_view name;
    void (Lab::*handle)(Arguments&);
  };
  static const std::vector<Command>& commands();

  void agents(Arguments& arguments);
  void behave(Arguments& arguments);
  void start(Arguments& arguments);
  void request(Arguments& arguments);
  void advance(Arguments& arguments);
  void fire(Arguments& arguments);
  void finish(Arguments& arguments);
  void restart(Arguments& arguments);
  void deliver(Arguments& arguments);
  void stabilize(Arguments& arguments);
  void drop(Arguments& arguments);
  void duplicate(Arguments& arguments);
  void corrupt(Arguments& arguments);
  void relay(Arguments& arguments);
  void show(Arguments& arguments);
  void timers(Arguments& arguments);
  void events(Arguments& arguments);
  void status(Arguments& arguments);
  void check(Arguments& arguments);

  void need_start(bool started) const;
  void fire_due();
  std::vector<AgentId> take_agents(Arguments& arguments) const;
  AgentId take_agent(Arguments& arguments, std::string_view key) const;
  /// Takes the filters, and with them the rest of the arguments.
  std::function<std::vector<Flight>()> take_filters(Arguments& arguments) const;
  /// The messages that pass the filters; writes so if there are none.
  std::vector<Flight> matching(Arguments& arguments);
  /// One line per message, its receivers together.
  void list(const std::vector<Flight>& flights, std::string_view prefix);

  World world_;
};

}  // namespace conclave::lab

// Everything that a run is made of, before it moves. Executors move it; SimGrid does what they ask of the World.
#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "core/crypto.hpp"
#include "engine/agent.hpp"
#include "engine/link_faults.hpp"
#include "engine/outages.hpp"
#include "engine/routes.hpp"
#include "scenario/scenario.hpp"
#include "trace/event_stream.hpp"
#include "trace/metrics.hpp"

namespace conclave {

/// Names something that SimGrid is doing for an agent.
using Ticket = std::uint32_t;

/// What an executor wants of SimGrid, at the instant at which it stopped.
struct StartCompute {
  Ticket ticket;
  std::uint32_t host;
  std::uint64_t flops;
};
struct StartFlow {
  Ticket ticket;
  std::uint32_t from;  ///< host
  std::uint32_t to;    ///< host, another one
  std::uint64_t bytes;
};
struct SwitchHost {
  std::uint32_t host;
  bool on;
};
struct SwitchLink {
  std::string link;
  bool on;
};
using WorldRequest = std::variant<StartCompute, StartFlow, SwitchHost, SwitchLink>;

/// All that a sender needs to know of an agent, in one place: senders of single messages look all over their receivers.
struct alignas(32) Destination {
  std::uint32_t host;
  std::uint32_t zone;
  Duration down_latency;
  SerialisationRate down;  ///< of its host's access link
};

struct Simulation {
  const Scenario& scenario;
  std::unique_ptr<KeyRing> keys;
  RouteTable routes;
  OutageSchedule outages;
  LinkFaults link_faults;
  std::vector<Agent> agents;
  std::vector<Destination> destinations;  ///< by agent
  EventStream stream;
  Metrics metrics;
  Time stop_at;

  explicit Simulation(const Scenario& chosen) : scenario(chosen), stop_at(Time(chosen.stop_at)) {}
};

}  // namespace conclave

// The exact executor: one global queue in content order. It is the reference, and the one for whatever needs a global
// instant: SimGrid activities, zero-delay links, an adversary that reacts to what is in flight.
//
// The life of a message. It leaves when its sender has finished the step that sent it, waits for the sender's access
// link, crosses the route, waits for the receiver's access link, and then for the receiver:
//
//   step done ─► uplink, first in first out ─► latency ─► downlink, in order of arrival ─► inbox ─► step
//                copy k of a broadcast leaves                the last bit arrives             the agent
//                k serialisation times later                 when the link is free            is free
//
// On an idle network that is latency + size / (bandwidth of the slowest link), SimGrid's CM02 model to the nanosecond.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/event_queue.hpp"
#include "engine/executor.hpp"
#include "engine/mechanics.hpp"

namespace conclave {

class ExactExecutor final : public Executor, private Mechanics<ExactExecutor> {
 public:
  ExactExecutor(Simulation& simulation, Poll poll);

  void run_until(Time horizon) override;
  void finished(Ticket ticket, Time at, bool completed) override;
  Time now() const override { return Mechanics::now(); }
  bool interrupted() const override { return interrupted_; }
  Time last_event() const override { return Mechanics::last_event(); }

 private:
  friend class Mechanics<ExactExecutor>;

  /// One message on its way to one or many. A broadcast is one of these however many receive it.
  struct Flight {
    struct Arrival {
      Time tail;
      AgentId to;
      std::uint32_t copy;
      std::optional<DropReason> lost;
    };
    AgentId from{};
    std::uint64_t number = 0;
    std::uint64_t bytes = 0;
    Time departed;
    RecordPtr body;
    std::vector<Arrival> arrivals;  ///< ascending by (tail, to, copy)
    std::size_t next = 0;
  };

  void begin();
  void on_arrival(const QueueEntry& entry);
  void on_activity(const QueueEntry& entry);

  void schedule(const QueueEntry& entry) { queue_.push(entry); }
  void launch(Agent& from, const Departure& departure);
  void launch_messages(Agent& from, const Departure& departure);
  void launch_flows(Agent& from, const Departure& departure);
  void begin_errand(Time at, Errand&& errand);
  void land_flow(const Errand& errand, Time when, bool completed);

  const Poll poll_;
  EventQueue queue_;
  bool begun_ = false;
  bool interrupted_ = false;
  std::uint64_t handled_ = 0;
  Pool<Flight> flights_;
  Pool<Errand> errands_;
};

}  // namespace conclave

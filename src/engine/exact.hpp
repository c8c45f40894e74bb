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
#include <deque>
#include <functional>
#include <vector>

#include "engine/event_queue.hpp"
#include "engine/simulation.hpp"

namespace conclave {

class ExactExecutor {
 public:
  /// Called now and then with the simulated time; true ends the run early.
  using Poll = std::function<bool(Time)>;

  ExactExecutor(Simulation& simulation, Poll poll);

  /// Handles everything up to and including `horizon`, or until SimGrid is wanted: then requests() is not empty and
  /// now() is the instant.
  void run_until(Time horizon);
  Time now() const { return now_; }
  bool idle() const { return queue_.empty(); }
  bool interrupted() const { return interrupted_; }
  /// To be carried out at now(), in order, and cleared.
  std::vector<WorldRequest>& requests() { return requests_; }
  /// What was asked for under this ticket has ended.
  void finished(Ticket ticket, Time at, bool completed);
  /// Time of the last event that did anything.
  Time last_event() const { return last_event_; }

 private:
  /// One message on its way to one or many. A broadcast is one of these however many receive it.
  struct Flight {
    struct Arrival {
      Time tail;
      AgentId to;
      bool lost;  ///< a link of its route was off
    };
    AgentId from{};
    std::uint64_t number = 0;
    std::uint64_t bytes = 0;
    Time departed;
    RecordPtr body;
    std::vector<Arrival> arrivals;  ///< ascending by (tail, to)
    std::size_t next = 0;
  };

  /// Something that SimGrid does, and for whom.
  struct Errand {
    enum class Kind : std::uint8_t { compute, transfer, message, switch_on_off };
    Kind kind{};
    AgentId agent{};  ///< who asked
    AgentId to{};     ///< who receives
    WorkKey work;
    std::uint64_t number = 0;
    Time departed;
    RecordPtr body;
    WorldRequest request;
  };

  /// A message on the receiver's access link, or an input from SimGrid.
  struct Incoming {
    WaitingInput input;
    std::uint32_t outage = 0;  ///< of the receiver when it began: if another has come since, the message is lost
  };

  void begin();
  void schedule_outages();
  void handle(const QueueEntry& entry);

  // What comes up in the queue.
  void on_arrival(const QueueEntry& entry);
  void on_ready(const QueueEntry& entry);
  void on_timer(const QueueEntry& entry);
  void on_request(const QueueEntry& entry);
  void on_wake(Agent& agent);
  void on_outage(Agent& agent, bool begins);
  void on_worked(const QueueEntry& entry);

  // From the network to the agent.
  void receive(Agent& to, Flight& flight, const Flight::Arrival& arrival);
  void offer(Agent& to, WaitingInput&& input);
  bool free_now(const Agent& agent) const { return agent.busy_until <= now_ && agent.inbox.empty(); }
  void wait(Agent& agent, WaitingInput&& input);
  void take_up(Agent& agent, const WaitingInput& input);
  void take_up_message(Agent& agent, AgentId from, std::uint64_t number, Time departed, const RecordPtr& body);
  void drop(Agent& at, AgentId from, std::uint64_t number, const RecordPtr& body, DropReason reason);
  void step(Agent& agent, const Input& input);

  // From the agent to the network.
  void execute(Agent& agent, Time done);
  void send(Agent& from, Time done, const Send& send);
  void send_messages(Agent& from, Time done, const Send& send, std::uint64_t number, std::uint64_t bytes);
  void send_flows(Agent& from, Time done, const Send& send, std::uint64_t number, std::uint64_t bytes);
  void transfer(Agent& from, Time done, const Transfer& wanted);
  void set_timer(Agent& agent, Time deadline, TimerKey key);
  bool link_off(const Agent& from, const Agent& to, Time departs, Time arrives) const;
  void run_errand(Time at, Errand&& errand);

  Agent& agent(AgentId id) { return simulation_.agents[index(id)]; }

  Simulation& simulation_;
  const Poll poll_;
  EventQueue queue_;
  Time now_;
  Time last_event_;
  bool begun_ = false;
  bool interrupted_ = false;
  std::uint64_t handled_ = 0;
  Outbox out_;
  Encoding scratch_;
  std::vector<WorldRequest> requests_;

  /// A pool whose slots are used again, last freed first.
  template <class Item>
  class Pool {
   public:
    std::uint32_t take() {
      if (free_.empty()) {
        items_.emplace_back();
        return static_cast<std::uint32_t>(items_.size() - 1);
      }
      const std::uint32_t slot = free_.back();
      free_.pop_back();
      return slot;
    }
    void give_back(std::uint32_t slot) { free_.push_back(slot); }
    Item& operator[](std::uint32_t slot) { return items_[slot]; }

   private:
    std::deque<Item> items_;  // a deque: references stay valid while steps take more slots
    std::vector<std::uint32_t> free_;
  };
  Pool<Flight> flights_;
  Pool<Incoming> incoming_;
  Pool<Errand> errands_;
};

}  // namespace conclave

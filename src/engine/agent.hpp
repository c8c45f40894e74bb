// One agent as the engine holds it. All that a step of this agent touches is reachable from here and from nowhere else,
// so that agents can be run in any order between two instants at which they could have heard of each other.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "core/crypto.hpp"
#include "core/ids.hpp"
#include "core/protocol.hpp"
#include "core/random.hpp"
#include "core/time.hpp"
#include "trace/event_stream.hpp"

namespace conclave {

/// A pending timer. Its queue entry may stand at an earlier time than the deadline: then it moves on when it comes up,
/// which makes setting a timer again and again as cheap as it looks.
struct PendingTimer {
  Time deadline;
  Time queued;
};

/// Inputs that wait for their agent, first come first served. A vector with a moving front: an idle agent allocates
/// nothing.
template <class Item>
class Inbox {
 public:
  bool empty() const { return front_ == items_.size(); }
  std::size_t size() const { return items_.size() - front_; }
  void push(Item item) { items_.push_back(std::move(item)); }
  Item pop() {
    Item item = std::move(items_[front_++]);
    if (front_ == items_.size()) clear();
    return item;
  }
  void clear() {
    items_.clear();
    front_ = 0;
  }
  template <class Visit>
  void each(Visit&& visit) const {
    for (std::size_t i = front_; i < items_.size(); i++) visit(items_[i]);
  }

 private:
  std::vector<Item> items_;
  std::size_t front_ = 0;
};

/// An input that has reached its agent but has not been taken up.
struct WaitingInput {
  enum class Kind : std::uint8_t { message, timer, request, worked };
  Kind kind{};
  bool completed = false;     ///< of worked
  std::uint32_t payload = 0;  ///< of a request
  AgentId from{};             ///< of a message
  std::uint64_t number = 0;   ///< of a message or a request
  Time at;                    ///< a message's departure, a timer's deadline
  TimerKey timer;             ///< of a timer
  WorkKey work;               ///< of worked
  RecordPtr body;             ///< of a message
};

struct Agent {
  AgentId id{};
  std::uint32_t host = 0;
  std::uint32_t group = 0;   ///< index into the scenario's groups
  bool running = false;      ///< its host is on and it has started
  std::uint32_t outage = 0;  ///< index of its host's next outage
  AgentRange peers;
  Duration handling{};

  std::unique_ptr<Protocol> protocol;
  Random random;
  Crypto crypto;
  EventLog log;

  Time uplink_free;            ///< when its access link has sent all that was given to it
  Time downlink_free;          ///< and received all that came
  Time busy_until;             ///< when it can take up the next input
  std::uint64_t messages = 0;  ///< sent so far: the number of the next one
  std::map<TimerKey, PendingTimer> timers;
  Inbox<WaitingInput> inbox;
};

}  // namespace conclave

// One agent as the engine holds it. All that a step of this agent touches is reachable from here and from nowhere else,
// so that agents can be run in any order between two instants at which they could have heard of each other.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/crypto.hpp"
#include "core/ids.hpp"
#include "core/protocol.hpp"
#include "core/random.hpp"
#include "core/time.hpp"
#include "engine/timer_table.hpp"
#include "trace/event_stream.hpp"

namespace conclave {

/// First in, first out. A vector with a moving front: an idle agent allocates nothing.
template <class Item>
class Fifo {
 public:
  bool empty() const { return front_ == items_.size(); }
  const Item& front() const { return items_[front_]; }
  void push(Item item) { items_.push_back(std::move(item)); }
  Item pop() {
    Item item = std::move(items_[front_++]);
    if (front_ == items_.size()) {
      clear();
    } else if (front_ >= kDeadMax && front_ * 2 >= items_.size()) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(front_));
      front_ = 0;
    }
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
  /// Taken items that are kept before they are worth moving the rest.
  static constexpr std::size_t kDeadMax = 64;
  std::vector<Item> items_;
  std::size_t front_ = 0;
};

/// A message on its receiver's access link.
struct OnLink {
  Time finished;  ///< when its last bit is through; ascending in the queue
  Time departed;
  std::uint64_t number = 0;
  AgentId from{};
  std::uint32_t copy = 0;
  RecordPtr body;
};

/// An input that has reached its agent but has not been taken up.
struct WaitingInput {
  enum class Kind : std::uint8_t { message, timer, request, worked };
  Kind kind{};
  bool completed = false;     ///< of worked
  std::uint32_t payload = 0;  ///< of a request
  std::uint32_t copy = 0;     ///< of a message: 0 itself, more what a link rule added
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
  std::uint32_t group = 0;  ///< index into the scenario's groups
  bool started = false;
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
  TimerTable timers;
  Fifo<OnLink> link;         ///< what is coming through its access link
  Fifo<WaitingInput> inbox;  ///< what waits until it is free
};

}  // namespace conclave

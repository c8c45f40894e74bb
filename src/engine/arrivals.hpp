// Which broadcasts reach an agent in a window, in the order in which their last bits do. Nothing of this is stored
// while they are on their way: it is computed from the lanes for one agent after the other.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/lane.hpp"
#include "engine/pool.hpp"
#include "engine/simulation.hpp"

namespace conclave {

/// What all workers read within a window, and nobody writes.
struct WindowState {
  Simulation& simulation;
  Duration lookahead;  ///< length of a window: the smallest latency
  std::vector<Lane> lanes{};
  Pool<Broadcast> broadcasts{};
  std::vector<std::uint32_t> host_agents{};  ///< how many agents each host has; empty when none has more than one
  std::int64_t mates_max = 1;                ///< most agents on one host

  /// The window's number at an instant.
  std::int64_t window_of(Time time) const { return nanoseconds(time) / lookahead.count(); }
};

class Arrivals {
 public:
  explicit Arrivals(const WindowState& state) : state_(state), simulation_(state.simulation) {}

  /// Begins a window: chooses the lanes that have something for it. Agents of `agents` come one after the other.
  void open(Time begins, Time ends, AgentRange agents);
  /// The agents that broadcasts may reach in the window.
  AgentRange reached() const { return reached_; }
  /// Finds what reaches an agent. Requires that the agents of reached() come in ascending order, all of them.
  void find(const Agent& to);

  // What was found, by position in the order of time, and where times are equal of sender and number.
  std::size_t size() const { return keys_.size(); }
  Time time(std::size_t i) const { return begins_ + Duration(static_cast<std::int64_t>(keys_[i] >> 32)); }
  std::uint32_t slot(std::size_t i) const { return static_cast<std::uint32_t>(keys_[i]) & kSlotMask; }
  const Broadcast& broadcast(std::size_t i) const { return state_.broadcasts[slot(i)]; }
  /// Why a link rule loses it.
  std::optional<DropReason> lost(std::size_t i) const {
    const std::uint32_t reason = static_cast<std::uint32_t>(keys_[i]) >> kSlotBits;
    return reason == 0 ? std::nullopt : std::optional(static_cast<DropReason>(reason - 1));
  }

  /// They come in the order of time, which is none in memory: with thousands in flight each would be waited for. First
  /// the broadcast is fetched, and when it is there the body that it points to.
  [[gnu::always_inline]] void fetch_ahead(std::size_t next) const {  // GCC 12 drops a call that only prefetches
    constexpr std::size_t kAhead = 8;
    constexpr std::ptrdiff_t kCacheLine = 64;
    if (next + 2 * kAhead < keys_.size()) __builtin_prefetch(&broadcast(next + 2 * kAhead));
    if (next + kAhead >= keys_.size()) return;
    const auto* body = reinterpret_cast<const char*>(broadcast(next + kAhead).body.get());
    __builtin_prefetch(body);
    __builtin_prefetch(body + kCacheLine);
  }

  /// How many copies of a broadcast leave before that for `to`.
  std::int64_t turns_before(const Broadcast& broadcast, const Agent& to) const;

  // A key of 64 bits stands for an arrival: the offset in the window, why it is lost (0 if it is not, else its
  // DropReason and 1), and the slot of the broadcast.
  static constexpr int kSlotBits = 29;
  static constexpr std::uint32_t kSlotMask = (1u << kSlotBits) - 1;

 private:
  /// The lanes that have something for this window, to one range of receivers.
  struct Audience {
    AgentRange to;
    std::vector<const Lane*> lanes;
    /// By host: agents of the range before the one at hand. Copies for agents of the sender's own host take no turn on
    /// its link. Empty when no host has more than one agent.
    std::vector<std::uint32_t> before;
  };
  /// A broadcast before link rules have had their say.
  struct Undelayed {
    std::int64_t offset;
    std::uint32_t broadcast;
  };

  void choose_lanes();
  void count_before(Audience& audience, std::uint32_t first) const;
  void gather(const Lane& lane, const std::vector<std::uint32_t>& before, const Agent& to);
  void suspect(const RecordType& kind, const Lane::Entry& entry, AgentId to, std::int64_t offset);
  void judge_suspects(const RecordType& kind);
  void order();

  const WindowState& state_;
  const Simulation& simulation_;
  Time begins_;
  Time ends_;
  std::vector<Audience> audiences_;
  AgentRange reached_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::int64_t> after_head_;
  std::array<Envelope, LinkFaults::kBatch> suspects_;
  std::array<Undelayed, LinkFaults::kBatch> undelayed_;
  std::size_t suspected_ = 0;  ///< how many of them
  std::vector<std::uint64_t> scratch_keys_;
  std::vector<std::uint32_t> slots_;
};

}  // namespace conclave

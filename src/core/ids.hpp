// Names of things that are counted: agents, timers, messages. Distinct types, never bare integers.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace conclave {

/// An agent's number: agents are numbered from 0 in the order of the scenario, a group after the other.
enum class AgentId : std::uint32_t {};

inline constexpr AgentId kNobody{0xffffffff};

constexpr std::uint32_t index(AgentId id) {
  return static_cast<std::uint32_t>(id);
}
constexpr AgentId agent(std::size_t index) {
  return static_cast<AgentId>(index);
}

/// Agents with consecutive numbers: a group is one.
struct AgentRange {
  AgentId first{};
  std::uint32_t count = 0;

  /// Walks the range in ascending order.
  struct Iterator {
    using iterator_category = std::input_iterator_tag;
    using value_type = AgentId;
    using difference_type = std::ptrdiff_t;
    using pointer = const AgentId*;
    using reference = AgentId;
    std::uint32_t at;
    constexpr AgentId operator*() const { return AgentId{at}; }
    constexpr Iterator& operator++() { return ++at, *this; }
    constexpr bool operator==(const Iterator&) const = default;
  };

  constexpr Iterator begin() const { return {index(first)}; }
  constexpr Iterator end() const { return {index(first) + count}; }
  constexpr bool contains(AgentId id) const { return index(id) - index(first) < count; }
  /// Position of `id` in the range, from 0. Requires contains(id).
  constexpr std::uint32_t rank(AgentId id) const { return index(id) - index(first); }
  constexpr AgentId operator[](std::size_t rank) const { return agent(index(first) + rank); }
  constexpr bool operator==(const AgentRange&) const = default;
};

/// Layers around a protocol at most: their numbers take seven bits of a timer's key.
inline constexpr std::uint32_t kLayersMax = 0x7f;
/// The eighth bit marks a timer or a piece of work of the second of two twins, so that each hears only its own.
inline constexpr std::uint32_t kSecondTwin = 0x80;

/// Names one timer of one agent. Setting a pending timer again replaces it, so a protocol needs no handles.
struct TimerKey {
  std::uint32_t name = 0;   ///< what the timer is for: an enumerator of the protocol
  std::uint32_t layer = 0;  ///< 0 for the innermost protocol, at most kLayersMax above it; with kSecondTwin or not
  std::uint64_t id = 0;     ///< which one of that name: a request number, a view, or 0

  constexpr auto operator<=>(const TimerKey&) const = default;
};

/// Names one piece of work (a computation, a bulk transfer) that an agent has asked for.
struct WorkKey {
  std::uint32_t name = 0;
  std::uint32_t layer = 0;
  std::uint64_t id = 0;

  constexpr auto operator<=>(const WorkKey&) const = default;
};

}  // namespace conclave

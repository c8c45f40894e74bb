// The messages of Bracha's reliable broadcast. As in the paper each carries the whole value, and none is signed: the
// network says who sent it.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "core/digest.hpp"
#include "core/record.hpp"

namespace conclave {

/// What is broadcast, and as what: the `number`-th value of `origin`. The payload's bytes travel, `content` stands for
/// what they say.
struct BrachaValue {
  AgentId origin = kNobody;
  std::uint64_t number = 0;
  Digest content;
  Filler payload;
  static void fields(auto& self, auto& field) {
    field("origin", self.origin);
    field("number", self.number);
    field("content", self.content);
    field("payload", self.payload);
  }
  bool operator==(const BrachaValue&) const = default;
};

/// (initial, v): the origin says it.
struct BrachaInitial : RecordOf<BrachaInitial> {
  static constexpr std::string_view kName = "bracha_initial";
  BrachaValue value;
  static void fields(auto& self, auto& field) { field("value", self.value); }
};

/// (echo, v): the sender has heard the origin say it, and nothing else before.
struct BrachaEcho : RecordOf<BrachaEcho> {
  static constexpr std::string_view kName = "bracha_echo";
  BrachaValue value;
  static void fields(auto& self, auto& field) { field("value", self.value); }
};

/// (ready, v): the sender knows that nobody honest can be ready for another value.
struct BrachaReady : RecordOf<BrachaReady> {
  static constexpr std::string_view kName = "bracha_ready";
  BrachaValue value;
  static void fields(auto& self, auto& field) { field("value", self.value); }
};

}  // namespace conclave

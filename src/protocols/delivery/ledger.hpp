// What has become of each message that a layer was given: its token can be asked for as long as the ledger remembers
// it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace conclave {

enum class TokenState : std::uint8_t { in_flight, delivered, dead_lettered, expired, unknown };

constexpr std::string_view name(TokenState state) {
  switch (state) {
    case TokenState::in_flight: return "in_flight";
    case TokenState::delivered: return "delivered";
    case TokenState::dead_lettered: return "dead_lettered";
    case TokenState::expired: return "expired";
    case TokenState::unknown: return "unknown";
  }
  return "unknown";
}

class TokenLedger {
 public:
  /// Remembers all that is in flight, and at least the last `remember` tokens besides.
  explicit TokenLedger(std::uint32_t remember) : remember_(remember) {}

  /// The next token, from 1, in flight.
  std::uint64_t open() {
    states_.push_back(TokenState::in_flight);
    in_flight_++;
    return forgotten_ + states_.size();
  }

  /// The end of a token in flight. A token that has ended keeps its state: the first answer counts.
  void settle(std::uint64_t token, TokenState state) {
    if (this->state(token) != TokenState::in_flight) return;
    states_[token - forgotten_ - 1] = state;
    in_flight_--;
    forget();
  }

  /// `unknown` when no such token was given, or it ended too long ago.
  TokenState state(std::uint64_t token) const {
    if (token <= forgotten_ || token > forgotten_ + states_.size()) return TokenState::unknown;
    return states_[token - forgotten_ - 1];
  }
  std::uint64_t in_flight() const { return in_flight_; }
  std::uint64_t given() const { return forgotten_ + states_.size(); }

 private:
  /// Drops what has ended from the front, in bulk, so that it costs a constant time for each token.
  void forget() {
    if (states_.size() < 2 * std::size_t{remember_} + 64) return;
    std::size_t old = 0;
    while (old + remember_ < states_.size() && states_[old] != TokenState::in_flight) old++;
    if (old < states_.size() / 2) return;
    states_.erase(states_.begin(), states_.begin() + static_cast<std::ptrdiff_t>(old));
    forgotten_ += old;
  }

  std::uint32_t remember_;
  std::vector<TokenState> states_;  ///< of the tokens after those forgotten
  std::uint64_t forgotten_ = 0;
  std::uint64_t in_flight_ = 0;
};

}  // namespace conclave

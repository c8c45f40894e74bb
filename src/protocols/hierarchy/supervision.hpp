// What a manager does about the work of its reports when one of them is lost (Armstrong 2003; the supervisors of OTP):
//
//   one_for_one    the work of the lost one goes to others
//   rest_for_one   so does that of all who were started after it
//   one_for_all    so does that of all reports
//
// The work of those that live is stopped first, the last started one first, and begins again after a pause that doubles
// with each incident. More than `restarts` incidents within `period` are too many: the manager gives all its work back
// to its own manager.
#pragma once

#include <deque>
#include <vector>

#include "core/params.hpp"
#include "core/protocol.hpp"

namespace conclave {

enum class SupervisionStrategy { one_for_one, rest_for_one, one_for_all };
template <>
struct Choices<SupervisionStrategy> {
  static constexpr std::pair<SupervisionStrategy, std::string_view> kNames[] = {
      {SupervisionStrategy::one_for_one, "one_for_one"},
      {SupervisionStrategy::rest_for_one, "rest_for_one"},
      {SupervisionStrategy::one_for_all, "one_for_all"}};
};
std::string_view name(SupervisionStrategy strategy);

class Supervision {
 public:
  struct Rules {
    SupervisionStrategy strategy = SupervisionStrategy::one_for_one;
    std::uint32_t restarts = 3;
    Duration period{};
    Duration backoff{};
  };
  explicit Supervision(Rules rules) : rules_(rules) {}

  /// A report has taken its place; those that are there already keep theirs in the order of starts.
  void started(AgentId report);
  void ended(AgentId report);

  struct Response {
    std::uint64_t incident = 0;
    bool escalate = false;
    std::vector<AgentId> stop;  ///< whose work stops, in this order; the lost one among them
    Duration backoff{};
  };
  Response lost(Time now, AgentId report);
  std::uint32_t order_of(AgentId report) const;
  const Rules& rules() const { return rules_; }

 private:
  const Rules rules_;
  std::vector<AgentId> started_;
  std::deque<Time> incidents_;  ///< within the period
  std::uint64_t total_ = 0;
};

}  // namespace conclave

// `--where 'agents.replica.count >= 7 and status = ok'`: which points or runs are meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/design.hpp"
#include "sweep/run_record.hpp"

namespace conclave {

class Where {
 public:
  Where() = default;  ///< everything
  /// Conditions `NAME OPERATOR VALUE` joined by `and`; operators are = != < <= > >=. A name is a parameter, or the end
  /// of one after a dot if no other ends so, or one of `point`, `seed`, `status`, `verdict`. What is wrong goes to
  /// `problem`.
  static std::optional<Where> parse(std::string_view text, const std::vector<std::string>& paths, std::string& problem);

  /// Whether the point may have runs that are meant: what is said about runs counts as true.
  bool has(const Point& point, std::size_t number) const;
  bool has(const Point& point, const RunRecord& run) const;

 private:
  enum class Operator { equal, unequal, less, at_most, greater, at_least };
  struct Condition {
    std::string name;
    Operator op;
    std::string value;
    bool of_run = false;  ///< about a run, not a point
  };
  static bool holds(const Condition& condition, const std::string& found);

  std::vector<Condition> all_;
};

}  // namespace conclave

// What checkers of delivery share: whom they judge, and how they tell of the first violation.
#pragma once

#include <fmt/core.h>

#include <string>

#include "core/catalog.hpp"
#include "core/delivery_events.hpp"

namespace conclave {

struct DeliveryCheckerOptions {
  bool faulty = false;
};

template <class Options>
Params<Options> delivery_checker_params() {
  return Params<Options>().add("faulty", &Options::faulty,
                               "judge what concerns faulty agents too, to show what a fault does");
}

class DeliveryChecker : public Checker {
 protected:
  DeliveryChecker(bool faulty, const RunFacts& facts) : roster_(facts.roster), faulty_(faulty) {}

  bool judges(AgentId id) const { return faulty_ ? index(id) < roster_.size() : roster_.honest(id); }
  const Roster& roster() const { return roster_; }
  std::string text(const MessageName& message) const {
    const std::string author = index(message.author) < roster_.size() ? roster_.name(message.author) : "nobody";
    if (message.life == 0) return fmt::format("message {} of {}", message.number, author);
    return fmt::format("message {} of {} (alive since {:.6f} s)", message.number, author,
                       static_cast<double>(message.life) * 1e-9);
  }
  void fail(std::string what) {
    if (violations_++ == 0) first_ = std::move(what);
  }
  bool failed() const { return violations_ > 0; }
  /// The verdict on a run: the first violation, or `holds` if there was none.
  Verdict verdict(std::string holds) const {
    if (violations_ == 0) return {true, std::move(holds)};
    return {false, violations_ == 1 ? first_ : fmt::format("{}; {} violations in all", first_, violations_)};
  }

 private:
  const Roster& roster_;
  const bool faulty_;
  std::uint64_t violations_ = 0;
  std::string first_;
};

}  // namespace conclave

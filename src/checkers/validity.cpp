// Validity: what an honest replica executes was asked for by a client. An honest client's request is known by its
// RequestIssued event; a faulty client may send what it likes, so with one in the run an unknown value is only wrong if
// nobody could have asked for it, which events cannot tell: such values are counted and reported.

#include <fmt/core.h>

#include <map>
#include <set>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"

namespace conclave {
namespace {

class Validity final : public Checker {
 public:
  Validity(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (const auto* issued = event.record->as<RequestIssued>()) {
      issued_.insert(issued->digest);
      if (!roster_.honest(event.agent)) faulty_client_ = true;
    }
    const auto* executed = event.record->as<Executed>();
    if (!executed || !roster_.honest(event.agent)) return;
    executions_++;
    // Judged at the end: where messages take no time, an execution can stand before its request in the same instant.
    executed_.try_emplace(executed->request_digest, First{event.agent, executed->sequence, event.time});
  }

  Verdict conclude(const RunEnd&) override {
    std::size_t unknown = 0;
    for (const auto& [digest, first] : executed_) {
      if (issued_.contains(digest)) continue;
      unknown++;
      if (faulty_client_) continue;
      return {false, fmt::format("{} executed {} at slot {} at {:.6f} s, which no client had asked for",
                                 roster_.name(first.agent), digest.text(), first.sequence, seconds(first.time))};
    }
    std::string detail = fmt::format("{} executions, {} distinct requests issued", executions_, issued_.size());
    if (unknown > 0) detail += fmt::format("; {} values executed can only be a faulty client's", unknown);
    return {true, std::move(detail)};
  }

 private:
  struct First {
    AgentId agent;
    std::uint64_t sequence;
    Time time;
  };
  const Roster& roster_;
  std::set<Digest> issued_;
  std::map<Digest, First> executed_;
  std::uint64_t executions_ = 0;
  bool faulty_client_ = false;
};

const bool registered = CheckerCatalog::add<Validity>(
    {.name = "validity", .family = "consensus", .summary = "what is executed was asked for by a client"});

}  // namespace
}  // namespace conclave

// Validity: what an honest replica decides was asked for by a client. An honest client's request is known by its
// RequestIssued event; a faulty client may send what it likes, so with one in the run an unknown value is only wrong if
// nobody could have asked for it, which events cannot tell: such values are counted and reported.

#include <fmt/core.h>

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
    const auto* decided = event.record->as<Decided>();
    if (!decided || !roster_.honest(event.agent)) return;
    decisions_++;
    if (issued_.contains(decided->digest)) return;
    unknown_++;
    if (unknown_ == 1) {
      first_unknown_ =
          fmt::format("{} decided {} for slot {} at {:.6f} s, which no client had asked for", roster_.name(event.agent),
                      decided->digest.text(), decided->sequence, seconds(event.time));
    }
  }

  Verdict conclude(const RunEnd&) override {
    if (unknown_ > 0 && !faulty_client_) return {false, first_unknown_};
    std::string detail = fmt::format("{} decisions, {} distinct requests issued", decisions_, issued_.size());
    if (unknown_ > 0)
      detail += fmt::format("; {} decisions are on requests that only a faulty client can have made", unknown_);
    return {true, std::move(detail)};
  }

 private:
  const Roster& roster_;
  std::set<Digest> issued_;
  std::uint64_t decisions_ = 0;
  std::uint64_t unknown_ = 0;
  std::string first_unknown_;
  bool faulty_client_ = false;
};

const bool registered = CheckerCatalog::add<Validity>(
    {.name = "validity", .family = "consensus", .summary = "what is decided was asked for by a client"});

}  // namespace
}  // namespace conclave

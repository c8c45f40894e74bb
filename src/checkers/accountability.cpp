// Accountability: honest replicas accuse only the guilty, and what they call transferable evidence convinces a third
// party that has nothing but the public keys. How many of the guilty were caught, the recall, is reported; who is
// silent or slow leaves no evidence, so a recall below one is no failure, unless the scenario asks for more.

#include <fmt/core.h>

#include <map>
#include <set>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"
#include "core/evidence.hpp"

namespace conclave {
namespace {

class Accountability final : public Checker {
 public:
  struct Options {
    std::uint32_t least = 0;
    static const ParamTable& params() {
      static const auto table = Params<Options>().add("least", &Options::least,
                                                      "faulty agents of whom at least that many must have been caught");
      return table;
    }
  };

  Accountability(const Options& options, const RunFacts& facts)
      : roster_(facts.roster),
        least_(options.least),
        keys_(facts.signatures, facts.seed, facts.roster.size()),
        court_(keys_, facts.roster) {}

  void observe(const Event& event) override {
    const auto* accused = event.record->as<Accused>();
    if (!accused || !roster_.honest(event.agent) || !violation_.empty()) return;
    accusations_++;
    const std::string_view offence = kOffenceNames[static_cast<std::size_t>(accused->offence)];
    if (roster_.honest(accused->accused))
      return fail(event, fmt::format("accused {}, which is honest, of {}", roster_.name(accused->accused), offence));
    caught_.insert(accused->accused);
    if (!accused->transferable) return;
    proven_++;
    if (!court_.proves(*accused))
      fail(event, fmt::format("accused {} of {} with evidence that proves nothing to others",
                              roster_.name(accused->accused), offence));
  }

  Verdict conclude(const RunEnd&) override {
    if (!violation_.empty()) return {false, violation_};
    std::uint32_t faulty = 0;
    for (std::uint32_t i = 0; i < roster_.size(); i++) faulty += !roster_.honest(agent(i));
    std::string detail = fmt::format("{} of {} faulty agents caught in {} accusations, {} of them proven to others",
                                     caught_.size(), faulty, accusations_, proven_);
    if (caught_.size() < least_) return {false, detail + fmt::format("; at least {} were expected", least_)};
    return {true, std::move(detail)};
  }

 private:
  void fail(const Event& event, const std::string& what) {
    violation_ = fmt::format("{} {} at {:.6f} s", roster_.name(event.agent), what, seconds(event.time));
  }

  const Roster& roster_;
  const std::uint32_t least_;
  const KeyRing keys_;
  Court court_;
  std::set<AgentId> caught_;
  std::uint64_t accusations_ = 0;
  std::uint64_t proven_ = 0;
  std::string violation_;
};

const bool registered =
    CheckerCatalog::add<Accountability>({.name = "accountability",
                                         .family = "consensus",
                                         .summary = "only the guilty are accused, with evidence that verifies"});

}  // namespace
}  // namespace conclave

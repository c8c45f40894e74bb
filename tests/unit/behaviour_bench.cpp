#include "unit/behaviour_bench.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "scenario/yaml.hpp"

namespace conclave {

namespace {

class Acting final : public Protocol {
 public:
  explicit Acting(const BehaviourBench::Act& act) : act_(act) {}
  void step(const View& view, const Input& input, Outbox& out) override { act_(view, input, ++steps_, out); }

 private:
  const BehaviourBench::Act act_;
  std::uint64_t steps_ = 0;
};

template <class Kind>
std::vector<Kind> those(const Outbox& out) {
  std::vector<Kind> found;
  for (const Effect& effect : out.effects())
    if (const auto* one = std::get_if<Kind>(&effect)) found.push_back(*one);
  return found;
}

}  // namespace

BehaviourBench::BehaviourBench(const std::string& behaviour, const std::string& options, Act act, std::uint64_t seed) {
  roster_.add("a", kAgents, "test");
  Diagnostics diagnostics;
  const std::optional<Value> written = parse_yaml(options, diagnostics);
  REQUIRE(written);
  const auto chosen = BehaviourCatalog::configure(behaviour, *written, diagnostics);
  const Deployment deployment{roster_, roster_.groups()[0], kSelf, seed};
  chosen.check(deployment, diagnostics);
  REQUIRE_MESSAGE(diagnostics.empty(), diagnostics.text("options", options));
  layer_ = chosen.make(deployment);
  layer_->wrap([act](std::uint64_t) { return std::make_unique<Acting>(act); }, 1);
}

BehaviourBench::~BehaviourBench() = default;

void BehaviourBench::step(Duration now, const Input& input) {
  out_.clear();
  layer_->step({kSelf, Time(now), group(), roster_, random_, crypto_}, input, out_);
}

std::vector<Send> BehaviourBench::sends() const {
  return those<Send>(out_);
}

std::vector<SetTimer> BehaviourBench::timers() const {
  return those<SetTimer>(out_);
}

std::vector<TimerKey> BehaviourBench::cancelled() const {
  std::vector<TimerKey> keys;
  for (const CancelTimer& cancel : those<CancelTimer>(out_)) keys.push_back(cancel.key);
  return keys;
}

std::vector<FaultInjected> BehaviourBench::faults() const {
  std::vector<FaultInjected> found;
  for (const Emit& emit : those<Emit>(out_))
    if (const auto* fault = emit.event->as<FaultInjected>()) found.push_back(*fault);
  return found;
}

std::vector<AgentId> BehaviourBench::receivers() const {
  std::vector<AgentId> all;
  for (const Send& send : sends()) send.to.each(kSelf, [&](AgentId to, std::uint32_t) { all.push_back(to); });
  return all;
}

BenchVote BehaviourBench::unsigned_vote(std::uint64_t number) {
  BenchVote vote;
  vote.number = number;
  vote.voter = kSelf;
  vote.digest = Digest::of(std::to_string(number));
  return vote;
}

double five_sigma(double trials, double chance) {
  return 5 * std::sqrt(trials * chance * (1 - chance));
}

}  // namespace conclave

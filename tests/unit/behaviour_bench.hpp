// A bench for behaviours: one agent of ten, a small protocol that a test writes as a function, and the behaviour around
// it as a scenario would configure it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/catalog.hpp"
#include "core/fault_events.hpp"

namespace conclave {

/// What the agents of these tests say to each other.
struct BenchVote : RecordOf<BenchVote> {
  static constexpr std::string_view kName = "bench_vote";
  std::uint64_t number = 0;
  AgentId voter = kNobody;
  Digest digest;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("number", self.number);
    field("voter", self.voter);
    field("digest", self.digest);
    field("signature", self.signature);
  }
};

/// Another kind, unsigned and without a digest.
struct BenchNote : RecordOf<BenchNote> {
  static constexpr std::string_view kName = "bench_note";
  std::uint64_t number = 0;
  static void fields(auto& self, auto& field) { field("number", self.number); }
};

class BehaviourBench {
 public:
  static constexpr std::uint32_t kAgents = 10;
  static constexpr AgentId kSelf{3};

  /// What the protocol inside does. `steps` counts the inputs of this instance of it, this one included.
  using Act = std::function<void(const View& view, const Input& input, std::uint64_t steps, Outbox& out)>;

  /// `options` is YAML, such as `{ sends: 10% }`. Fails the test when it is refused.
  BehaviourBench(const std::string& behaviour, const std::string& options, Act act, std::uint64_t seed = 1);
  ~BehaviourBench();

  /// One step at `now`; what it wants done stays readable until the next.
  void step(Duration now, const Input& input);
  void receive(Duration now, AgentId from, const RecordPtr& body) { step(now, Message{from, body}); }

  std::vector<Send> sends() const;
  std::vector<SetTimer> timers() const;
  std::vector<TimerKey> cancelled() const;
  std::vector<FaultInjected> faults() const;
  Duration spent() const { return out_.spent(); }
  /// Receivers of all its sends, in order.
  std::vector<AgentId> receivers() const;

  std::shared_ptr<const BenchVote> vote(std::uint64_t number) { return crypto_.sign(unsigned_vote(number)); }
  static BenchVote unsigned_vote(std::uint64_t number);
  Crypto& crypto() { return crypto_; }
  AgentRange group() const { return roster_.groups()[0].agents; }
  /// Words drawn from the agent's own stream.
  std::uint64_t drawn() const { return random_.drawn(); }

 private:
  Roster roster_;
  KeyRing keys_{SignatureScheme::modelled, 1, kAgents};
  Random random_{Stream(1, "agent")};
  Crypto crypto_{keys_, kSelf, {}};
  std::unique_ptr<Layer> layer_;
  Outbox out_;
};

/// Five standard deviations of a binomial count: a fair draw is farther from its mean once in two million times.
double five_sigma(double trials, double chance);

}  // namespace conclave

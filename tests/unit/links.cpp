// Link rules, each for itself: what it does to messages, in numbers. Bounds are five standard errors.

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "core/catalog.hpp"

namespace conclave {
namespace {

/// A rule on the links of two agents, with options as one would write them.
class Link {
 public:
  Link(std::string_view name, std::vector<std::pair<std::string, std::string>> options = {}) {
    Value written = Value::map({});
    for (auto& [key, value] : options) written.set(key, Value::scalar(value));
    Diagnostics diagnostics;
    const auto chosen = LinkCatalog::configure(name, written, diagnostics);
    roster_.add("agent", 10, "test");
    chosen.check({roster_, draws_}, diagnostics);
    REQUIRE_MESSAGE(diagnostics.empty(), diagnostics.text("test", ""));
    rule_ = chosen.make({roster_, draws_});
  }

  Fate send(std::uint32_t from, std::uint32_t to, std::uint64_t number, Time departs = {}) const {
    const AgentId sender{from};
    const Envelope envelope{sender, AgentId{to}, Envelope::identify(sender, number), departs};
    const Befallen befallen{0, draws_.child(to).child(envelope.identity)};
    Fate fate;
    rule_->judge({&befallen, 1}, {&envelope, 1}, {&fate, 1});
    return fate;
  }
  const LinkRule& rule() const { return *rule_; }

 private:
  Roster roster_;
  Stream draws_{1, "links"};
  std::unique_ptr<LinkRule> rule_;
};

constexpr std::uint64_t kMessages = 100'000;

double mean_delay_ns(const Link& link) {
  double sum = 0;
  for (std::uint64_t i = 0; i < kMessages; i++) sum += static_cast<double>(link.send(0, 1, i).delay.count());
  return sum / static_cast<double>(kMessages);
}

double five_errors(double deviation) {
  return 5 * deviation / std::sqrt(static_cast<double>(kMessages));
}

/// The share of messages that break the promise of usual_delay(); none may break that of longest_delay().
double late_share(const Link& link) {
  std::uint64_t late = 0;
  for (std::uint64_t i = 0; i < kMessages; i++) {
    const Duration delay = link.send(0, 1, i).delay;
    CHECK(delay <= link.rule().longest_delay());
    late += delay > link.rule().usual_delay();
  }
  return static_cast<double>(late) / static_cast<double>(kMessages);
}

TEST_CASE("loss and partition lose all that the fault selects, and say why") {
  CHECK(Link("loss").send(0, 1, 0).lost == DropReason::loss);
  CHECK(Link("partition").send(0, 1, 0).lost == DropReason::partition);
  CHECK(Link("loss").rule().loses());
  CHECK(Link("partition").rule().loses());
}

TEST_CASE("slow adds exactly its time") {
  CHECK(Link("slow", {{"by", "7ms"}}).send(0, 1, 0).delay == std::chrono::milliseconds(7));
}

TEST_CASE("jitter has the mean that was asked for, and keeps its promises") {
  const double ms = 1e6;
  const Link uniform("jitter", {{"mean", "1ms"}});
  CHECK(std::abs(mean_delay_ns(uniform) - ms) < five_errors(2 * ms / std::sqrt(12.0)));
  CHECK(late_share(uniform) == 0);
  const Link normal("jitter", {{"distribution", "normal"}, {"mean", "1ms"}, {"deviation", "200us"}});
  CHECK(std::abs(mean_delay_ns(normal) - ms) < five_errors(0.2 * ms));
  CHECK(late_share(normal) < 1e-3);
  const Link exponential("jitter", {{"distribution", "exponential"}, {"mean", "1ms"}});
  CHECK(std::abs(mean_delay_ns(exponential) - ms) < five_errors(ms));
  CHECK(late_share(exponential) < 2e-3);
  // alpha 3.5: the variance exists, and what lies beyond 20 means changes the mean by less than the error.
  const Link pareto("jitter", {{"distribution", "pareto"}, {"mean", "1ms"}, {"alpha", "3.5"}});
  CHECK(std::abs(mean_delay_ns(pareto) - ms) < five_errors(0.44 * ms));
  CHECK(late_share(pareto) < 2e-3);
}

TEST_CASE("no draw of jitter exceeds the cap") {
  const Link link("jitter", {{"distribution", "pareto"}, {"mean", "1ms"}, {"alpha", "1.1"}, {"cap", "3ms"}});
  Duration longest{};
  for (std::uint64_t i = 0; i < kMessages; i++) longest = std::max(longest, link.send(0, 1, i).delay);
  CHECK(longest == std::chrono::milliseconds(3));
}

TEST_CASE("reorder: of two messages sent together, either comes first half the time") {
  const Link link("reorder", {{"spread", "1ms"}});
  std::uint64_t overtaken = 0;
  for (std::uint64_t i = 0; i < kMessages; i++)
    overtaken += link.send(0, 1, 2 * i).delay > link.send(0, 1, 2 * i + 1).delay;
  CHECK(std::abs(static_cast<double>(overtaken) / static_cast<double>(kMessages) - 0.5) < five_errors(0.5));
}

TEST_CASE("duplicate adds the copies that were asked for, at most so far apart") {
  const Link link("duplicate", {{"copies", "3"}, {"within", "2ms"}});
  Duration longest{};
  for (std::uint64_t i = 0; i < 1000; i++) {
    const Fate fate = link.send(0, 1, i);
    CHECK(fate.copies == 3);
    longest = std::max(longest, fate.gap);
  }
  CHECK(longest <= std::chrono::milliseconds(2));
  CHECK(longest > std::chrono::microseconds(1900));
}

TEST_CASE("burst loss: bad a tenth of the time, in bursts as long as was asked for") {
  const Link link("burst_loss", {{"good", "90ms"}, {"bad", "10ms"}});
  // One message each 100 us for 2 000 s on one link: some 20 000 bursts of 10 ms.
  constexpr std::uint64_t kSamples = 20'000'000;
  std::uint64_t lost = 0, bursts = 0;
  bool before = false;
  for (std::uint64_t i = 0; i < kSamples; i++) {
    const bool now = link.send(2, 3, i, Time(std::chrono::microseconds(100) * i)).lost.has_value();
    lost += now;
    bursts += now && !before;
    before = now;
  }
  // Bursts are exponential, so their mean over B bursts has a standard error of 10 ms / sqrt(B); sampling at steps of d
  // sees bursts of mean d / (1 - e^(-d/bad)) steps... in time 10.05 ms, and the share of loss keeps its expectation.
  const double share = static_cast<double>(lost) / static_cast<double>(kSamples);
  const double burst_ms = static_cast<double>(lost) / static_cast<double>(bursts) * 0.1;
  const double errors = 5 / std::sqrt(static_cast<double>(bursts));
  CHECK(std::abs(share - 0.1) < 0.1 * errors * 1.5);
  CHECK(std::abs(burst_ms - 10.05) < 10.05 * errors);
  CHECK(bursts > 15'000);
}

TEST_CASE("burst loss: links are independent, directions too") {
  const Link link("burst_loss", {{"good", "1ms"}, {"bad", "1ms"}});
  std::uint64_t forth = 0, both = 0;
  constexpr std::uint64_t kSamples = 20'000;
  for (std::uint64_t i = 0; i < kSamples; i++) {
    const Time at(std::chrono::milliseconds(20) * i);  // ten mean cycles apart: independent samples
    const bool there = link.send(2, 3, i, at).lost.has_value(), back = link.send(3, 2, i, at).lost.has_value();
    forth += there;
    both += there && back;
  }
  const double error = 5 * 0.5 / std::sqrt(static_cast<double>(kSamples));
  CHECK(std::abs(static_cast<double>(forth) / kSamples - 0.5) < error);
  CHECK(std::abs(static_cast<double>(both) / kSamples - 0.25) < error);
}

TEST_CASE("burst loss: good links can lose and bad ones deliver") {
  const Link link("burst_loss", {{"good", "1ms"}, {"bad", "1ms"}, {"loss_when_good", "10%"}, {"loss_when_bad", "50%"}});
  std::uint64_t lost = 0;
  for (std::uint64_t i = 0; i < kMessages; i++)
    lost += link.send(2, 3, i, Time(std::chrono::milliseconds(20) * i)).lost.has_value();
  CHECK(std::abs(static_cast<double>(lost) / static_cast<double>(kMessages) - 0.3) < five_errors(0.46));
}

TEST_CASE("a verdict does not hang on when or how often it is asked for") {
  const Link link("jitter", {{"distribution", "normal"}, {"mean", "1ms"}});
  const Fate first = link.send(4, 5, 77);
  for (std::uint64_t i = 0; i < 100; i++) link.send(4, 5, i);
  CHECK(link.send(4, 5, 77).delay == first.delay);
}

}  // namespace
}  // namespace conclave

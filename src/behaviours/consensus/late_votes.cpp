// Late votes: votes at the edge of the timeout. A vote is held back until just before the first of its own timers would
// fire; honest replicas have timers like its own, so they go on at the last moment, or give up a moment too early and
// then hear the votes they waited for.

#include <algorithm>
#include <map>

#include "behaviours/consensus/roles.hpp"
#include "core/behaviour.hpp"

namespace conclave {
namespace {

/// Votes that one agent holds back at most. Beyond, they leave at once, and the trace says so.
constexpr std::size_t kHeldMax = 65'536;

class LateVotes final : public Behaviour {
 public:
  struct Options : WindowOptions {
    Duration margin = std::chrono::milliseconds(5);
    static const ParamTable& params() {
      static const auto table = window_params<Options>().add(
          "margin", &Options::margin, "how long before the timeout a vote leaves; the time that it travels, or less");
      return table;
    }
  };
  LateVotes(const Options& options, const Deployment& deployment)
      : Behaviour("late_votes", deployment, options.window()), margin_(options.margin) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (const auto* fired = std::get_if<TimerFired>(&input)) deadlines_.erase(fired->key);
    if (std::holds_alternative<Restarted>(input)) {  // they went with the host
      deadlines_.clear();
      held_.clear();
    }
    forward(view, input, out);
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    if (const auto* timer = std::get_if<SetTimer>(&wanted)) deadlines_[timer->key] = view.now + timer->after;
    if (const auto* timer = std::get_if<CancelTimer>(&wanted)) deadlines_.erase(timer->key);
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !acts(view) || role_of(*message->body) != MessageRole::vote) return out.put(wanted);
    const Duration patience = until_timeout(view) - margin_;
    if (patience <= Duration::zero()) return out.put(wanted);
    if (held_.size() >= kHeldMax) {
      inject(out, "not held back, too many are", *message);
      return out.put(wanted);
    }
    inject(out, "held back", *message);
    const std::uint64_t id = next_++;
    held_.emplace(id, wanted);
    out.set_timer(timer(0, id), patience);
  }

  void on_timer(const View&, TimerKey key, Outbox& out) override {
    const auto held = held_.find(key.id);
    if (held == held_.end()) return;
    out.put(held->second);
    held_.erase(held);
  }

 private:
  /// Until the first of the protocol's timers fires; zero when none is pending.
  Duration until_timeout(const View& view) const {
    const auto first = std::min_element(deadlines_.begin(), deadlines_.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
    return first == deadlines_.end() ? Duration::zero() : first->second - view.now;
  }

  const Duration margin_;
  std::map<TimerKey, Time> deadlines_;  ///< of the protocol's pending timers
  std::map<std::uint64_t, Effect> held_;
  std::uint64_t next_ = 0;
};

const bool registered = BehaviourCatalog::add<LateVotes>(
    {.name = "late_votes",
     .family = "consensus",
     .summary = "votes at the edge of the timeout",
     .about = "Watches the timers of its own protocol and lets a vote go `margin` before the first of them would fire. "
              "The slowest vote that may still count: it finds races between timeouts and quorums, and what the f "
              "slowest cost where their votes are needed.",
     .example = "- { behaviour: late_votes, agents: \"replica[3]\", margin: 2ms }"});

}  // namespace
}  // namespace conclave

// Crash and recover: down from `at` until `until`, then back. Messages that come while it is down are lost, and so are
// the timers and the work that were pending.
//
//   state: kept   what it knew was on disk: the same instance gets Restarted
//   state: lost   what it knew was in memory: a fresh instance gets Start. It forgets what it has voted for, so it may
//                 vote otherwise: amnesia, which protocols have to count among the Byzantine faults.

#include <set>

#include "core/behaviour.hpp"

namespace conclave {
namespace {

enum class StateAfterCrash { kept, lost };

}  // namespace

template <>
struct Choices<StateAfterCrash> {
  static constexpr std::pair<StateAfterCrash, std::string_view> kNames[] = {{StateAfterCrash::kept, "kept"},
                                                                            {StateAfterCrash::lost, "lost"}};
};

namespace {

class CrashRecover final : public Behaviour {
 public:
  struct Options {
    Duration at{};
    Duration until{};
    StateAfterCrash state = StateAfterCrash::kept;
    TimeWindow window() const { return {Time(at), Time(until)}; }
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .require("at", &Options::at, "when it crashes")
              .require("until", &Options::until, "when it is back")
              .add("state", &Options::state, "what it knows when it is back: all that it knew, or nothing");
      return table;
    }
  };
  CrashRecover(const Options& options, const Deployment& deployment)
      : Behaviour("crash_recover", deployment, options.window()), state_(options.state) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const bool restarted = std::holds_alternative<Restarted>(input);
    if (restarted) timers_.clear(), work_.clear(), lost_work_.clear();  // they went with the host
    if (restarted || std::holds_alternative<Start>(input)) set_alarms(view, out);
    const Phase before = phase_;
    keep_up(view, out);
    if (phase_ == Phase::down) return;
    // What just came back has been told so, and a timer of before is nothing to it.
    const bool stale = restarted || std::holds_alternative<Start>(input) || std::holds_alternative<TimerFired>(input);
    if (phase_ != before && stale) return;
    if (const auto* fired = std::get_if<TimerFired>(&input)) timers_.erase(fired->key);
    if (const auto* work = std::get_if<WorkFinished>(&input)) {
      if (lost_work_.erase(work->key) > 0) return;
      work_.erase(work->key);
    }
    started_ = true;
    forward(view, input, out);
  }

  void on_effect(const View&, const Effect& wanted, Outbox& out) override {
    std::visit(Overload{[&](const SetTimer& timer) { timers_.insert(timer.key); },
                        [&](const CancelTimer& timer) { timers_.erase(timer.key); },
                        [&](const Compute& compute) { work_.insert(compute.key); },
                        [&](const Transfer& transfer) { work_.insert(transfer.key); }, [](const auto&) {}},
               wanted);
    out.put(wanted);
  }

  void on_timer(const View& view, TimerKey, Outbox& out) override { keep_up(view, out); }

 private:
  enum class Phase { up, down, back };
  enum Alarm : std::uint32_t { kCrash, kReturn };

  void set_alarms(const View& view, Outbox& out) {
    if (view.now < window().from) out.set_timer(timer(kCrash), window().from - view.now);
    if (view.now < window().until) out.set_timer(timer(kReturn), window().until - view.now);
  }

  void keep_up(const View& view, Outbox& out) {
    if (phase_ == Phase::up && view.now >= window().from) crash(out);
    if (phase_ == Phase::down && view.now >= window().until) come_back(view, out);
  }

  void crash(Outbox& out) {
    phase_ = Phase::down;
    inject(out, "crashed");
    for (const TimerKey key : timers_) out.cancel_timer(key);
    timers_.clear();
    lost_work_.merge(work_);
    work_.clear();
  }

  void come_back(const View& view, Outbox& out) {
    phase_ = Phase::back;
    const bool keeps = state_ == StateAfterCrash::kept;
    inject(out, keeps ? "recovered, state kept" : "recovered, state lost");
    if (!keeps) replace_inner(another_inner());
    keeps&& started_ ? forward(view, Restarted{}, out) : forward(view, Start{}, out);
    started_ = true;
  }

  const StateAfterCrash state_;
  Phase phase_ = Phase::up;
  bool started_ = false;
  std::set<TimerKey> timers_;    ///< that what is inside has pending
  std::set<WorkKey> work_;       ///< likewise
  std::set<WorkKey> lost_work_;  ///< that was pending when it crashed: its end is not heard
};

const bool registered = BehaviourCatalog::add<CrashRecover>(
    {.name = "crash_recover",
     .family = "any",
     .summary = "crashes, and is back later with its state kept or lost",
     .silences = true,
     .about =
         "Down from `at` until `until`: messages meanwhile are lost, pending timers and work are gone. With `state: "
         "kept` the protocol goes on from what it knew, as if from disk, and gets Restarted. With `state: lost` a "
         "fresh "
         "instance gets Start: it has forgotten its votes and may vote again, otherwise. For recovery, state transfer "
         "and what a protocol must write to disk before it speaks.",
     .example = "- { behaviour: crash_recover, agents: \"replica[3]\", at: 1s, until: 3s, state: lost }"});

}  // namespace
}  // namespace conclave

// Delay: holds its own messages back, each by a fixed time and a drawn one, so that they leave late and in another
// order. What it takes in it handles in time: it is not slow, it procrastinates.

#include <map>

#include "core/behaviour.hpp"

namespace conclave {
namespace {

/// Messages that one agent holds back at most. Beyond, they leave at once, and the trace says so.
constexpr std::size_t kHeldMax = 65'536;

class Delay final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Duration by{};
    Duration spread{};
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>()
              .require("by", &Options::by, "time by which each message leaves late", {.most = std::chrono::hours(1)})
              .add("spread", &Options::spread, "up to this much more, drawn evenly for each message",
                   {.most = std::chrono::hours(1)});
      return table;
    }
  };
  Delay(const Options& options, const Deployment& deployment)
      : Behaviour("delay", deployment, options), by_(options.by), spread_(options.spread) {}

  static void check(const Options& options, const Deployment&, const Value& written, Diagnostics& diagnostics) {
    if (options.by + options.spread > Duration::zero()) return;
    const Value* by = written.find("by");
    diagnostics.error(by ? by->at : written.at, "`delay` holds nothing back", "give `by` or `spread` more than 0ns");
  }

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (std::holds_alternative<Restarted>(input)) held_.clear();  // they went with the host, as the timers did
    forward(view, input, out);
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !strikes(view, *message->body)) return out.put(wanted);
    if (held_.size() >= kHeldMax) {
      inject(out, "not delayed, too many are", *message);
      return out.put(wanted);
    }
    const auto extra = draws().below(static_cast<std::uint64_t>(spread_.count()) + 1);
    const std::uint64_t id = next_++;
    held_.emplace(id, wanted);
    out.set_timer(timer(0, id), by_ + Duration(static_cast<std::int64_t>(extra)));
    inject(out, "delayed", *message);
  }

  void on_timer(const View&, TimerKey key, Outbox& out) override {
    const auto held = held_.find(key.id);
    if (held == held_.end()) return;
    out.put(std::move(held->second));
    held_.erase(held);
  }

 private:
  const Duration by_;
  const Duration spread_;
  std::map<std::uint64_t, Effect> held_;
  std::uint64_t next_ = 0;
};

const bool registered = BehaviourCatalog::add<Delay>(
    {.name = "delay",
     .family = "any",
     .summary = "holds its own messages back for a while",
     .about = "Each message leaves `by` later than it should, and up to `spread` more, drawn for each: with a spread "
              "they overtake each other. For the leader who stays just below every timeout, and for votes that come "
              "when nobody needs them any more. At most 65 536 messages are held; those beyond leave at once.",
     .example = "- { behaviour: delay, agents: \"replica[0]\", by: 50ms, spread: 20ms, kinds: [pre_prepare] }"});

}  // namespace
}  // namespace conclave

// Traffic: messages without a purpose, to see what becomes of them. Each agent is a source and a sink; what delivery
// layers promise can so be seen without any other family of protocols.
//
// A request of the workload makes the agent write `burst` messages; `poisson` makes it write by itself, at times of a
// Poisson process. Each belongs to a conversation and has a key, in turn; with `requires` it names earlier messages of
// its author without which it makes no sense. Whoever receives a message writes another one with probability `answers`,
// which makes messages depend on each other across agents, as causal order has it.

#include <fmt/core.h>

#include <optional>
#include <vector>

#include "core/catalog.hpp"
#include "core/delivery_events.hpp"
#include "core/delivery_messages.hpp"
#include "core/distribution.hpp"
#include "protocols/delivery/label.hpp"

namespace conclave {

enum class TrafficPattern { turn, random, pair, all };
template <>
struct Choices<TrafficPattern> {
  static constexpr std::pair<TrafficPattern, std::string_view> kNames[] = {{TrafficPattern::turn, "turn"},
                                                                           {TrafficPattern::random, "random"},
                                                                           {TrafficPattern::pair, "pair"},
                                                                           {TrafficPattern::all, "all"}};
};

namespace {

/// Earlier messages that one can require.
constexpr std::size_t kRecentMax = 8;

class Traffic final : public Protocol {
 public:
  struct Options {
    std::string to;
    TrafficPattern pattern = TrafficPattern::turn;
    std::uint32_t burst = 1;
    std::uint32_t conversations = 1;
    std::uint32_t keys = 1;
    Probability requires_before;
    Probability answers;
    std::uint32_t generations = 8;
    std::optional<Duration> poisson;
    std::uint64_t messages = 0;
    ByteCount payload{0};
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("to", &Options::to, "group that it writes to; its own if not given")
              .add("pattern", &Options::pattern,
                   "whom: one after the other, one at random, the one of the same rank, or all at once")
              .add("burst", &Options::burst, "messages that a request makes it write")
              .add("conversations", &Options::conversations, "that its messages belong to in turn", {.least = 1})
              .add("keys", &Options::keys, "that its messages have in turn", {.least = 1})
              .add("requires", &Options::requires_before, "that a message names an earlier one that it needs")
              .add("answers", &Options::answers, "that a message makes its receiver write one")
              .add("generations", &Options::generations, "answers to answers to answers that end it", {.least = 1})
              .add("poisson", &Options::poisson,
                   "mean time between messages that it writes by itself, exponentially distributed",
                   {.least = Duration(1)})
              .add("messages", &Options::messages, "that it writes by itself")
              .add("payload", &Options::payload, "of messages that it writes by itself, or as answers",
                   {.most = ByteCount{std::uint64_t{1} << 30}});
      return table;
    }
  };

  Traffic(const Options& options, const Deployment& deployment)
      : options_(options), to_(target(options, deployment)->agents), content_(deployment.seed, "traffic content") {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    const Group* group = target(options, deployment);
    const Value* to = written.find("to");
    if (!group) {
      std::vector<std::string> names;
      for (const Group& known : deployment.roster.groups()) names.push_back(known.name);
      return diagnostics.error(to ? to->at : written.at, fmt::format("there is no group `{}` to write to", options.to),
                               suggestion(options.to, names));
    }
    const Value* pattern = written.find("pattern");
    if (options.pattern == TrafficPattern::pair && group->agents.count < deployment.group.agents.count)
      diagnostics.error(pattern->at, fmt::format("`{}` has fewer agents than `{}`", group->name, deployment.group.name),
                        "with `pair` each writes to the one of its own rank");
    if (options.pattern == TrafficPattern::pair && group == &deployment.group)
      diagnostics.error(pattern->at, "each would write to itself", "with `pair` name another group in `to`");
    const Value* messages = written.find("messages");
    if (options.messages > 0 && !options.poisson)
      diagnostics.error(messages->at, "`messages` has no effect here", "it belongs to `poisson`");
  }

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input,
        [&](const Start&) {
          life_ = static_cast<std::uint64_t>(nanoseconds(view.now));
          wait(view, out);
        },
        [&](const Restarted&) { wait(view, out); },
        [&](const Request& wanted) {
          for (std::uint32_t i = 0; i < options_.burst; i++) write(view, 0, wanted.payload_bytes, out);
        },
        [&](const TimerFired&) {
          write(view, 0, static_cast<std::uint32_t>(options_.payload.bytes), out);
          by_itself_++;
          wait(view, out);
        },
        [&](const Message& message) {
          if (const auto* item = message.body->as<TrafficItem>()) return on_item(view, message.from, *item, out);
          const auto* notice = message.body->as<DeliveryNotice>();
          if (notice && message.from == view.self) on_notice(*notice, out);
        });
  }

 private:
  static const Group* target(const Options& options, const Deployment& deployment) {
    if (options.to.empty()) return deployment.roster.find(deployment.group.name);
    return deployment.roster.find(options.to);
  }

  void wait(const View& view, Outbox& out) {
    if (!options_.poisson || by_itself_ >= options_.messages) return;
    const double mean = static_cast<double>(options_.poisson->count());
    out.set_timer({}, Duration(static_cast<std::int64_t>(mean * draw_exponential(view.random.next()) + 0.5)));
  }

  void write(const View& view, std::uint32_t generation, std::uint32_t payload, Outbox& out) {
    const Recipients to = recipients(view);
    if (to.count(view.self) == 0 || (to.is_one() && to.only() == view.self)) return;
    TrafficItem item;
    item.life = life_;
    item.number = ++number_;
    item.content = content_.child(index(view.self)).child(life_).at(number_);
    item.conversation = static_cast<std::uint32_t>((number_ - 1) % options_.conversations);
    item.key = static_cast<std::uint32_t>((number_ - 1) % options_.keys);
    item.generation = generation;
    item.payload = {payload};
    if (options_.requires_before != Probability() && !recent_.empty() && view.random.hits(options_.requires_before))
      item.requires_before.push_back(recent_[view.random.below(recent_.size())]);
    remember({view.self, life_, number_});
    MessageSubmitted submitted;
    submitted.life = item.life;
    submitted.number = item.number;
    submitted.to = Addressees::of(to);
    submitted.content = item.content;
    submitted.conversation = item.conversation;
    submitted.key = item.key;
    submitted.requires_before = item.requires_before;
    out.emit(std::move(submitted));
    out.put(Send{to, share(std::move(item))});
  }

  Recipients recipients(const View& view) {
    switch (options_.pattern) {
      case TrafficPattern::all: return Recipients::range(to_);
      case TrafficPattern::pair: return Recipients::one(to_[view.peers.rank(view.self)]);
      case TrafficPattern::random: return Recipients::one(other(view, view.random.below(others(view))));
      case TrafficPattern::turn: return Recipients::one(other(view, turn_++ % others(view)));
    }
    return Recipients::one(view.self);
  }
  /// How many of the group are not this agent; 1 when it is alone, and writes to itself.
  std::uint64_t others(const View& view) const {
    return std::max<std::uint64_t>(1, to_.contains(view.self) ? to_.count - 1 : to_.count);
  }
  AgentId other(const View& view, std::uint64_t rank) const {
    if (!to_.contains(view.self) || to_.count == 1) return to_[rank];
    return to_[(to_.rank(view.self) + 1 + rank) % to_.count];
  }

  void on_item(const View& view, AgentId from, const TrafficItem& item, Outbox& out) {
    MessageReceived received;
    received.message = {from, item.life, item.number};
    received.content = item.content;
    out.emit(std::move(received));
    if (options_.answers == Probability() || item.generation + 1 >= options_.generations) return;
    if (view.random.hits(options_.answers))
      write(view, item.generation + 1, static_cast<std::uint32_t>(options_.payload.bytes), out);
  }

  static void on_notice(const DeliveryNotice& notice, Outbox& out) {
    const auto* item = notice.body->as<TrafficItem>();
    if (!item) return;
    MessageSettled settled;
    settled.life = item->life;
    settled.number = item->number;
    settled.to = notice.to;
    settled.state = notice.state;
    settled.attempts = notice.attempts;
    out.emit(std::move(settled));
  }

  void remember(const MessageName& message) {
    if (options_.requires_before == Probability()) return;
    if (recent_.size() < kRecentMax) return recent_.push_back(message);
    recent_[message.number % kRecentMax] = message;
  }

  const Options options_;
  const AgentRange to_;
  const Stream content_;
  std::uint64_t life_ = 0;
  std::uint64_t number_ = 0;     ///< of the last message
  std::uint64_t by_itself_ = 0;  ///< messages that no request made it write
  std::uint64_t turn_ = 0;
  std::vector<MessageName> recent_;  ///< of its own
};

const bool registered = ProtocolCatalog::add<Traffic>(
    {.name = "traffic",
     .family = "delivery",
     .summary = "writes and receives messages without a purpose, to see what becomes of them",
     .about =
         "Source and sink for delivery layers: messages in conversations, with keys and dependencies, at the times "
         "of the workload or of a Poisson process, and answers to them.",
     .example = "- { group: peer, count: 5, stack: [exactly_once, traffic], traffic: { answers: 50% }, workload: { "
                "requests: 100 } }"});

}  // namespace
}  // namespace conclave

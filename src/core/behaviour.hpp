// What injected faults share: when they act, on which messages, how they draw, and how they say what they have done.
// A behaviour is a layer around the whole of an agent; it knows neither the protocol nor the other behaviours.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalog.hpp"
#include "core/random.hpp"
#include "core/time_window.hpp"

namespace conclave {

/// Kinds of messages, by name; none stands for all of them.
struct MessageKinds {
  std::vector<const RecordType*> types;

  bool contains(const RecordType* type) const;
};

template <>
struct ParamType<MessageKinds> {
  static std::string name() { return "list of kinds of messages"; }
  static std::string schema() { return R"({"type":"array","items":{"type":"string"},"minItems":1})"; }
  static std::optional<MessageKinds> read(const Value& value, Diagnostics& diagnostics);
  static Value write(const MessageKinds& kinds);
};

/// Options of a behaviour that acts within a window of time.
struct WindowOptions {
  Duration from{};
  std::optional<Duration> until;

  TimeWindow window() const { return {Time(from), until ? Time(*until) : kNever}; }
};

/// Options of a behaviour that acts on some of the messages.
struct MessageOptions : WindowOptions {
  MessageKinds kinds;
  Probability probability = Probability::of(1);
};

/// The rows that every table of such options begins with.
template <class Options>
Params<Options> window_params() {
  return Params<Options>()
      .add("from", &Options::from, "when it begins")
      .add("until", &Options::until, "when it is over; never if not given");
}
template <class Options>
Params<Options> message_params() {
  return window_params<Options>()
      .add("kinds", &Options::kinds, "kinds of messages, such as `prepare`; all if not given")
      .add("probability", &Options::probability, "that it strikes, drawn each time");
}

/// A message that an effect would send.
struct Outgoing {
  const RecordPtr& body;
  AgentId peer;         ///< the receiver, or kNobody when there are several
  std::uint32_t count;  ///< of receivers
};

class Behaviour : public Layer {
 protected:
  /// `name` is the behaviour's in the catalog.
  Behaviour(std::string_view name, const Deployment& deployment, TimeWindow window);
  Behaviour(std::string_view name, const Deployment& deployment, const MessageOptions& options);

  TimeWindow window() const { return window_; }
  bool acts(const View& view) const { return window_.contains(view.now); }
  /// Whether this message is of the kinds that it is limited to.
  bool selects(const Record& message) const { return kinds_.contains(message.type); }
  /// Whether the fault strikes this message: within its window, of its kinds, and by chance.
  bool strikes(const View& view, const Record& message);
  /// The same for an input that is no message: never when it is limited to kinds of messages.
  bool strikes_other(const View& view);
  /// This behaviour's own draws: those of the protocol and of other behaviours are what they are without it.
  Random& draws();
  /// Any agent but this one: of its group, or of the whole run if that is wanted or when it is alone in its group.
  /// Itself when it is alone in the run.
  AgentId draw_other(const View& view, bool of_whole_run = false);

  /// Says in the trace what was done.
  void inject(Outbox& out, std::string_view what, std::string_view message = {}, AgentId peer = kNobody,
              std::uint64_t count = 1) const;
  void inject(Outbox& out, std::string_view what, const Outgoing& message) const {
    inject(out, what, message.body->type->name, message.peer, message.count);
  }

  /// The message in an effect, if it has one. Borrows from it.
  static std::optional<Outgoing> outgoing(const View& view, const Effect& effect);
  /// Calls visit(receiver) for each receiver of such a message, in ascending order.
  template <class Visit>
  static void each_receiver(const View& view, const Effect& effect, Visit&& visit) {
    if (const auto* send = std::get_if<Send>(&effect))
      send->to.each(view.self, [&](AgentId to, std::uint32_t) { visit(to); });
    if (const auto* transfer = std::get_if<Transfer>(&effect)) visit(transfer->to);
  }
  /// The same effect with another body. Requires outgoing().
  static Effect with_body(const Effect& effect, RecordPtr body);

 private:
  bool by_chance() { return probability_ == Probability::of(1) || draws().hits(probability_); }

  const std::string_view name_;
  const TimeWindow window_;
  const MessageKinds kinds_;
  const Probability probability_ = Probability::of(1);
  const Stream stream_;
  std::optional<Random> draws_;
};

}  // namespace conclave

// Effectively once: every message is sent again until it is acknowledged, and the receiver hands each over once.
//
// Nothing on a network that loses messages is delivered exactly once: who gets no answer cannot tell a lost message
// from a lost answer, and either sends again, perhaps in vain, or does not, perhaps leaving it lost. But a receiver can
// know again what it has had. It remembers for each sender and epoch a low watermark, up to which it has had
// everything, and a bounded window of bits above: so a message that has been overtaken is not taken for one that has
// been had.
//
// What is promised, between agents that both have this layer and do not lie:
//   each message is handed over at most once, and at least once unless its sender is told that it was given up
//   a crash that keeps what was known (a host that is off for a time) changes nothing of that
//   a receiver that has lost its memory (crash_recover, state: lost) may be given a message again whose ack was lost:
//   without a disk nobody can do better
// Not promised: any order. Put `fifo` or `causal` inside.

#include "protocols/delivery/reliable_layer.hpp"

namespace conclave {
namespace {

class ExactlyOnce final : public ReliableLayer {
 public:
  struct Options : ReliableOptions {
    static const ParamTable& params() {
      static const auto table = reliable_params<Options>().add(
          "evidence", &Options::evidence,
          "latest messages of each sender that a receiver keeps, to tell a repetition from another message under the "
          "same number");
      return table;
    }
  };
  ExactlyOnce(const Options& options, const Deployment& deployment)
      : ReliableLayer("exactly_once", options, deployment, Repeats::suppressed) {}
};

const bool registered = LayerCatalog::add<ExactlyOnce>(
    {.name = "exactly_once",
     .family = "delivery",
     .summary = "messages are sent again until acknowledged, and handed over once",
     .about =
         "Around any protocol: each message is numbered, acknowledged, repeated with growing waits, and known again "
         "by its receiver. What could not be delivered is reported with its reason as `dead_lettered`. Both ends "
         "need it. It costs an acknowledgement for each message and a header of 32 bytes.",
     .example = "- { group: replica, count: 4, stack: [exactly_once, pbft], exactly_once: { timeout: 50ms } }"});

}  // namespace
}  // namespace conclave

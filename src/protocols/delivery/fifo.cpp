// First in, first out: the messages of one sender to one receiver in one conversation are handed over in the order in
// which they were sent, each at most once. The strict order of a conversation.
//
// What is promised: no message is handed over after a later one. Gaps are asked for (see sequenced_layer.hpp), and
// passed over when they cannot be filled; alone, this layer so loses what the network loses at the end of a
// conversation, or `naks` times. With `exactly_once` outside nothing is lost that its sender is not told of.
//
// On a network whose delays are exponential with rate m, and with messages at rate l, a message waits for its
// predecessors with probability 1 - (1 - e^-r) / r, r = l / m.

#include "protocols/delivery/sequenced_layer.hpp"

namespace conclave {
namespace {

class Fifo final : public SequencedLayer {
 public:
  struct Options : SequencedOptions {
    static const ParamTable& params() {
      static const auto table = sequenced_params<Options>();
      return table;
    }
  };
  Fifo(const Options& options, const Deployment&) : SequencedLayer("held in sequence", options) {}

 protected:
  std::uint32_t lane_of(const Record& body) const override {
    const auto* item = body.as<TrafficItem>();
    return item ? item->conversation : 0;
  }
};

const bool registered = LayerCatalog::add<Fifo>(
    {.name = "fifo",
     .family = "delivery",
     .summary = "messages of one sender in the order in which they were sent",
     .about = "Numbers messages in each conversation with each receiver, holds what comes too early, asks for what is "
              "missing, and passes over what cannot be had. Messages without a conversation belong to one.",
     .example = "- { group: replica, count: 4, stack: [exactly_once, fifo, pbft] }"});

}  // namespace
}  // namespace conclave

// Per key: the messages of one sender to one receiver with the same key are handed over in the order in which they were
// sent; those of different keys do not wait for each other. A partial order, as partitions of logs have it: what is
// lost holds up only its own key.

#include "protocols/delivery/sequenced_layer.hpp"

namespace conclave {
namespace {

class PerKey final : public SequencedLayer {
 public:
  struct Options : SequencedOptions {
    static const ParamTable& params() {
      static const auto table = sequenced_params<Options>();
      return table;
    }
  };
  PerKey(const Options& options, const Deployment&) : SequencedLayer("held by key", options) {}

 protected:
  std::uint32_t lane_of(const Record& body) const override {
    const auto* item = body.as<TrafficItem>();
    return item ? item->key : 0;
  }
};

const bool registered = LayerCatalog::add<PerKey>(
    {.name = "per_key",
     .family = "delivery",
     .summary = "messages of one sender and one key in the order in which they were sent",
     .about =
         "As `fifo`, but among messages of one key only. Messages without a key have key 0, so that they are ordered "
         "rather than not.",
     .example = "- { group: peer, count: 4, stack: [exactly_once, per_key, traffic], traffic: { keys: 8 } }"});

}  // namespace
}  // namespace conclave

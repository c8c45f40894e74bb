// At least once: every message is sent again until it is acknowledged. A lost acknowledgement makes the receiver have
// it twice: right for what does no harm when it is done again.
//
// With loss p of messages and q of acknowledgements a message is sent 1 / ((1 - p)(1 - q)) times on average and arrives
// 1 / (1 - q) times. Of those that are given up after A attempts, r^A with r = 1 - (1 - p)(1 - q), all but p^A had
// arrived: their sender believes that they were lost. Nobody can spare it that error: the last answer may be lost.

#include "protocols/delivery/reliable_layer.hpp"

namespace conclave {
namespace {

class AtLeastOnce final : public ReliableLayer {
 public:
  struct Options : ReliableOptions {
    static const ParamTable& params() {
      static const auto table = reliable_params<Options>();
      return table;
    }
  };
  AtLeastOnce(const Options& options, const Deployment& deployment)
      : ReliableLayer("at_least_once", options, deployment, Repeats::delivered) {}
};

const bool registered = LayerCatalog::add<AtLeastOnce>(
    {.name = "at_least_once",
     .family = "delivery",
     .summary = "messages are sent again until acknowledged, and may be handed over more than once",
     .about = "As `exactly_once`, but the receiver remembers nothing: it hands over whatever comes. For protocols that "
              "know repetitions by themselves, as most consensus does, and to see what they make of them.",
     .example = "- { group: replica, count: 4, stack: [at_least_once, pbft] }"});

}  // namespace
}  // namespace conclave

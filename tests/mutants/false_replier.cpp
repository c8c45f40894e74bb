// A replica that answers clients before anyone can, and not the truth.

#include "core/catalog.hpp"
#include "protocols/consensus/pbft/messages.hpp"

namespace conclave {
namespace {

class FalseReplier final : public Layer {
 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (const auto* proposed = message ? message->body->as<PbftPrePrepare>() : nullptr)
      for (const ClientRequestPtr& request : proposed->batch->requests)
        out.send(request->client,
                 view.crypto.sign(
                     ClientReply{.number = request->number, .client = request->client, .result = Digest::of("a lie")}));
    forward(view, input, out);
  }
};

const bool registered = BehaviourCatalog::add<FalseReplier>(
    {.name = "false_replier", .family = "test", .summary = "answers clients at once with a lie"});

}  // namespace
}  // namespace conclave

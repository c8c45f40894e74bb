// A backup that agrees with everyone: whoever votes for something gets the same vote back, and the next phase's too,
// each of them twice.

#include "core/catalog.hpp"
#include "protocols/consensus/pbft/messages.hpp"

namespace conclave {
namespace {

class Flatterer final : public Layer {
 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (!message) return;
    const auto* prepare = message->body->as<PbftPrepare>();
    if (!prepare) return;
    const RecordPtr same = view.crypto.sign(PbftPrepare{.sequence = prepare->sequence, .digest = prepare->digest});
    const RecordPtr next = view.crypto.sign(PbftCommit{.sequence = prepare->sequence, .digest = prepare->digest});
    for (const RecordPtr& vote : {same, same, next, next}) out.send(message->from, vote);
  }
};

const bool registered = BehaviourCatalog::add<Flatterer>(
    {.name = "flatterer", .family = "test", .summary = "votes for whatever the other votes for, twice"});

}  // namespace
}  // namespace conclave

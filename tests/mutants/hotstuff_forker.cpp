// A replica of HotStuff that is honest until it leads: then it starts a branch of its own at the genesis block, as if
// it had never heard of anything. It goes on for some blocks, if it gets the votes, and hides the last certificate
// until a view comes, or shows it at once and never says a word again.

#include <variant>
#include <vector>

#include "core/catalog.hpp"
#include "core/quorum.hpp"
#include "protocols/consensus/hotstuff_messages.hpp"

namespace conclave {
namespace {

class HotStuffForker final : public Layer {
 public:
  struct Options {
    std::uint32_t blocks = 1;
    std::uint64_t reveal = 0;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("blocks", &Options::blocks, "length of the branch", {.least = 1})
              .add("reveal", &Options::reveal, "view in which its certificate is shown; 0: at once, and then silence");
      return table;
    }
  };
  HotStuffForker(const Options& options, const Deployment&) : options_(options) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (message && block_ && message->body->as<HotStuffVote>() &&
        message->body->as<HotStuffVote>()->block == block_->name())
      return count(view, std::static_pointer_cast<const HotStuffVote>(message->body), out);
    forward(view, input, out);
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto* send = std::get_if<Send>(&wanted);
    if (!send) return out.put(wanted);
    if (silent_) return;
    if (const auto* proposal = send->body->as<HotStuffProposal>(); proposal && !block_) {
      after_ = proposal->after;
      return propose(view, proposal->block->view, proposal->block->batch, out);
    }
    if (const auto* news = send->body->as<HotStuffNewView>(); news && last_ && news->view >= options_.reveal) {
      HotStuffNewView revealing = *news;
      revealing.high = last_;
      return out.put(Send{send->to, share(std::move(revealing))});
    }
    out.put(wanted);
  }

 private:
  void propose(const View& view, std::uint64_t number, BatchPtr batch, Outbox& out) {
    const HotStuffCertificatePtr justify = last_ ? last_ : share(HotStuffCertificate{});
    block_ = view.crypto.sign(HotStuffBlock{
        .view = number, .height = justify->block.height + 1, .justify = justify, .batch = std::move(batch)});
    votes_.assign(1, view.crypto.sign(HotStuffVote{.view = number, .block = block_->name()}));
    out.broadcast(view.peers, share(HotStuffProposal{.block = block_, .after = std::exchange(after_, nullptr)}));
  }

  void count(const View& view, const std::shared_ptr<const HotStuffVote>& vote, Outbox& out) {
    votes_.push_back(vote);
    if (votes_.size() != byzantine_quorum(view.peers.count, most_faulty(view.peers.count))) return;
    last_ = share(HotStuffCertificate{
        .view = vote->view, .block = vote->block, .proof = view.crypto.prove(view.peers, votes_, ProofForm::combined)});
    if (--options_.blocks > 0) return propose(view, vote->view + 1, share(Batch{}), out);
    if (options_.reveal > 0) return;
    out.broadcast(view.peers, share(HotStuffNewView{.view = vote->view + 1, .high = last_}));
    silent_ = true;
  }

  Options options_;
  HotStuffBlockPtr block_;  ///< the tip of the branch
  HotStuffTimeoutCertificatePtr after_;
  std::vector<std::shared_ptr<const HotStuffVote>> votes_;
  HotStuffCertificatePtr last_;
  bool silent_ = false;
};

const bool registered = BehaviourCatalog::add<HotStuffForker>(
    {.name = "hotstuff_forker", .family = "test", .summary = "leads a branch that starts at genesis"});

}  // namespace
}  // namespace conclave

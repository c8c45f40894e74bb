// A backup that does as all others do, but that its prepares are not signed.

#include "core/catalog.hpp"
#include "protocols/consensus/pbft/messages.hpp"

namespace conclave {
namespace {

class UnsignedVoter final : public Layer {
 protected:
  void on_effect(const View&, const Effect& wanted, Outbox& out) override {
    const auto* send = std::get_if<Send>(&wanted);
    const auto* prepare = send ? send->body->as<PbftPrepare>() : nullptr;
    if (!prepare) return out.put(wanted);
    PbftPrepare spoilt = *prepare;
    spoilt.signature.bytes.fill(0);
    out.put(Send{send->to, share(std::move(spoilt))});
  }
};

const bool registered = BehaviourCatalog::add<UnsignedVoter>(
    {.name = "unsigned_voter", .family = "test", .summary = "sends prepares with a signature that is none"});

}  // namespace
}  // namespace conclave

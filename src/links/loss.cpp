// Loss: each copy that the fault selects is lost, independently of all others. Its `probability` is the loss rate.

#include "core/catalog.hpp"

namespace conclave {
namespace {

class Loss final : public EachCopy<Loss> {
 public:
  bool loses() const override { return true; }
  void befall(const Envelope&, const Stream&, Fate& fate) const { fate.lost = DropReason::loss; }
};

const bool registered = LinkCatalog::add<Loss>(
    {.name = "loss", .family = "any", .summary = "copies of messages are lost, each independently of the others"});

}  // namespace
}  // namespace conclave

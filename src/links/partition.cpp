// Partition: nothing that the fault selects gets through. `between: [A, B]` cuts both ways, `senders: A, receivers: B`
// only one; three or more entries of `between` are as many islands.

#include "core/catalog.hpp"

namespace conclave {
namespace {

class Partition final : public EachCopy<Partition> {
 public:
  bool loses() const override { return true; }
  void befall(const Envelope&, const Stream&, Fate& fate) const { fate.lost = DropReason::partition; }
};

const bool registered = LinkCatalog::add<Partition>(
    {.name = "partition", .family = "any", .summary = "agents on different sides cannot reach each other"});

}  // namespace
}  // namespace conclave

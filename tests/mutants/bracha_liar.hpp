// What liars in Bracha's broadcast share: they run no protocol of their own and tell whom they like what they like.
#pragma once

#include <vector>

#include "core/catalog.hpp"
#include "core/layer.hpp"
#include "protocols/consensus/bracha_messages.hpp"

namespace conclave {

class BrachaLiar : public Layer {
 protected:
  explicit BrachaLiar(const Deployment& deployment) {
    for (const AgentId id : deployment.group.agents)
      if (deployment.roster.honest(id)) honest_.push_back(id);
  }

  /// The honest members of the group, in order.
  const std::vector<AgentId>& honest() const { return honest_; }

  template <class Kind>
  static void tell(std::vector<AgentId> to, const BrachaValue& value, Outbox& out) {
    Kind message;
    message.value = value;
    out.multicast(std::move(to), share(std::move(message)));
  }

 private:
  std::vector<AgentId> honest_;
};

}  // namespace conclave

// Short proposals of chained HotStuff: clients tell all replicas their requests, so a leader need only name them. A
// replica puts the block together from the requests that wait with it; while one is missing, the proposal waits.
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "protocols/consensus/hotstuff_messages.hpp"
#include "protocols/consensus/service.hpp"

namespace conclave {

inline std::shared_ptr<const HotStuffShortProposal> shortened(const HotStuffBlock& block,
                                                              const HotStuffTimeoutCertificatePtr& after) {
  HotStuffShortProposal made{.view = block.view,
                             .height = block.height,
                             .justify = block.justify,
                             .signature = block.signature,
                             .after = after};
  for (const ClientRequestPtr& request : block.batch->requests) made.requests.push_back(request->digest());
  return share(std::move(made));
}

/// A short proposal that waits for its requests.
class HotStuffAwaited {
 public:
  /// Requires a certificate in the proposal.
  HotStuffAwaited(AgentId from, std::shared_ptr<const HotStuffShortProposal> proposal, const Service& service)
      : from_(from), proposal_(std::move(proposal)) {
    for (const Digest& digest : proposal_->requests)
      if (!service.find(digest)) missing_.insert(digest);
  }

  AgentId from() const { return from_; }
  const HotStuffShortProposal& proposal() const { return *proposal_; }
  /// A request has come: true if it was the last that was missing.
  bool note(const Digest& digest) { return missing_.erase(digest) > 0 && missing_.empty(); }
  bool complete() const { return missing_.empty(); }
  /// The block that it names, if nothing is missing and nothing has been executed meanwhile; nullptr otherwise.
  HotStuffBlockPtr block(const Service& service) const {
    Batch batch;
    for (const Digest& digest : proposal_->requests) {
      batch.requests.push_back(service.find(digest));
      if (!batch.requests.back()) return nullptr;
    }
    return share(HotStuffBlock{.view = proposal_->view,
                               .height = proposal_->height,
                               .justify = proposal_->justify,
                               .batch = share(std::move(batch)),
                               .signature = proposal_->signature});
  }

 private:
  AgentId from_;
  std::shared_ptr<const HotStuffShortProposal> proposal_;
  std::set<Digest> missing_;
};

}  // namespace conclave

// The votes of which a replica of chained HotStuff makes certificates: one per voter and view, and who casts two is
// caught.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "core/quorum.hpp"
#include "protocols/consensus/hotstuff_messages.hpp"

namespace conclave {

class HotStuffVotes {
 public:
  using Vote = std::shared_ptr<const HotStuffVote>;
  struct Counted {
    const std::vector<Vote>* votes = nullptr;  ///< those for the same block, this one included; nullptr if not counted
    Vote conflicting;                          ///< the voter's first vote, when this one is for another block
  };

  explicit HotStuffVotes(std::uint32_t n) : n_(n) {}

  /// Counts a vote whose signature holds; `rank` is its signer's.
  Counted add(std::uint32_t rank, const Vote& vote) {
    View& view = views_[vote->view];
    if (!view.voters.add(rank, n_)) return {nullptr, conflicting(view, *vote)};
    std::vector<Vote>& votes = ballot(view, vote->block);
    votes.push_back(vote);
    return {&votes, nullptr};
  }
  /// Forgets the views up to and including this one.
  void forget(std::uint64_t view) { views_.erase(views_.begin(), views_.upper_bound(view)); }

 private:
  struct View {
    VoteSet voters;
    std::vector<std::vector<Vote>> ballots;  ///< by block; more than one means that somebody lies
  };

  static std::vector<Vote>& ballot(View& view, const BlockName& block) {
    for (std::vector<Vote>& votes : view.ballots)
      if (votes.front()->block == block) return votes;
    return view.ballots.emplace_back();
  }
  static Vote conflicting(const View& view, const HotStuffVote& vote) {
    for (const std::vector<Vote>& votes : view.ballots)
      for (const Vote& first : votes)
        if (first->signature.signer == vote.signature.signer && first->block != vote.block) return first;
    return nullptr;
  }

  const std::uint32_t n_;
  std::map<std::uint64_t, View> views_;
};

}  // namespace conclave

// The pacemaker of chained HotStuff (section 4.4 and algorithm 5 of the paper leave it open): who leads a view, how
// long a replica waits for it, and who has given up on it. It decides nothing about safety.
//
// A leader leads `reign` views in a row. A reign matters: the votes of a view go to the leader of the next, so a block
// needs four views in a row with honest leaders to commit. Were leaders to change in every view, one silent replica of
// four would stop all progress. A view that a quorum gives up on ends the reign.
//
//   view    1  2  3  4 | 5  6        | 9  10 11 12 |
//   leader  0  0  0  0 | 1  1        | 2  2  2  2  |        reign = 4; view 6 is given up
//
// A view lasts `timeout`, doubled for each view given up since the last commit, to `timeout_max` at most: so the waits
// outgrow any message delay, which is all that liveness needs, and stay bounded.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/quorum.hpp"
#include "core/time.hpp"
#include "protocols/consensus/hotstuff_messages.hpp"

namespace conclave {

class HotStuffPacemaker {
 public:
  HotStuffPacemaker(std::uint32_t n, std::uint64_t reign, Duration timeout, Duration timeout_max)
      : n_(n), reign_(reign), timeout_(timeout), timeout_max_(timeout_max) {}

  std::uint64_t view() const { return view_; }
  /// The timeout certificate by which the view was entered; nullptr if it was by a block's certificate.
  const HotStuffTimeoutCertificatePtr& after() const { return after_; }
  /// The rank of a view's leader. Views count from 1.
  std::uint32_t leader(std::uint64_t view) const { return static_cast<std::uint32_t>((view - 1) / reign_ % n_); }
  /// The view that follows when `view` is given up: the first of the next reign.
  std::uint64_t after_timeout(std::uint64_t view) const { return ((view - 1) / reign_ + 1) * reign_ + 1; }

  /// Enters a view that a certificate justifies. False if it is not above the current one.
  bool enter(std::uint64_t view, HotStuffTimeoutCertificatePtr after) {
    if (view <= view_) return false;
    if (after) given_up_++;
    view_ = view;
    after_ = std::move(after);
    timeouts_.clear();
    voters_ = {};
    return true;
  }

  /// How long to wait for the current view.
  Duration patience() const {
    Duration patience = timeout_;
    for (std::uint64_t i = 0; i < given_up_ && patience < timeout_max_; i++) patience *= 2;
    return std::min(patience, timeout_max_);
  }
  /// A block has been committed.
  void progressed() { given_up_ = 0; }

  /// Counts one who has given up on the current view; false if it was counted before.
  bool add(std::uint32_t rank, std::shared_ptr<const HotStuffTimeout> timeout) {
    if (!voters_.add(rank, n_)) return false;
    timeouts_.push_back(std::move(timeout));
    return true;
  }
  bool has_given_up(std::uint32_t rank) const { return voters_.contains(rank); }
  const std::vector<std::shared_ptr<const HotStuffTimeout>>& timeouts() const { return timeouts_; }

 private:
  const std::uint32_t n_;
  const std::uint64_t reign_;
  const Duration timeout_;
  const Duration timeout_max_;
  std::uint64_t view_ = 1;
  std::uint64_t given_up_ = 0;  ///< views given up since the last commit
  HotStuffTimeoutCertificatePtr after_;
  VoteSet voters_;
  std::vector<std::shared_ptr<const HotStuffTimeout>> timeouts_;  ///< for the current view, one per voter
};

}  // namespace conclave

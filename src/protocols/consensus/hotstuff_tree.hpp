// The blocks that a replica of chained HotStuff knows: the last committed one, the tree that grows from it, and the
// last of the committed ones below it, for those who have fallen behind.
//
// Every block in the tree has its parent in the tree, so a branch is never interrupted. What does not descend from the
// committed block is forgotten. Blocks on the branch of the highest certificate have the votes of a quorum; of others
// there are at most kStrayBlocksMax, so that lying leaders cannot fill the memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "protocols/consensus/hotstuff_messages.hpp"

namespace conclave {

/// Blocks off the branch of the highest certificate that are kept. Beyond it those of the lowest view are forgotten; if
/// one of them matters after all, it is fetched again.
inline constexpr std::size_t kStrayBlocksMax = 256;

class HotStuffTree {
 public:
  /// Keeps `history` committed blocks below the last one.
  explicit HotStuffTree(std::size_t history);

  /// The last committed block.
  const BlockName& root() const { return root_; }
  /// A block of the tree, the root included, or nullptr.
  HotStuffBlockPtr find(const BlockName& name) const;
  /// Adds a block. Requires that its parent is in the tree. The branch up to `high` is kept.
  void insert(const BlockName& name, HotStuffBlockPtr block, const BlockName& high);
  /// True if `name` is `ancestor` or descends from it.
  bool extends(BlockName name, const BlockName& ancestor) const;
  /// The blocks above the root up to `name`, the lowest first; empty if `name` is not in the tree.
  std::vector<HotStuffBlockPtr> path(const BlockName& name) const;
  /// Makes a block of the tree the root and forgets what does not descend from it.
  void commit(const BlockName& name);
  /// The lowest blocks above a height that lead to `name`, at most `most`; empty if they are not all known.
  std::vector<HotStuffBlockPtr> serve(const BlockName& name, std::uint64_t above, std::size_t most) const;

 private:
  bool remembers(const BlockName& name) const;
  void forget_orphans();
  void forget_strays(const BlockName& high);

  const std::size_t history_max_;
  BlockName root_;
  std::map<BlockName, HotStuffBlockPtr> blocks_;  ///< by height first: parents come before their children
  std::deque<HotStuffBlockPtr> history_;          ///< the committed blocks up to the root, which is its last
};

}  // namespace conclave

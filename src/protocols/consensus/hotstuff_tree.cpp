#include "protocols/consensus/hotstuff_tree.hpp"

#include <algorithm>
#include <set>

namespace conclave {

HotStuffTree::HotStuffTree(std::size_t history) : history_max_(history) {
  blocks_.emplace(root_, share(HotStuffBlock{.justify = share(HotStuffCertificate{})}));
}

HotStuffBlockPtr HotStuffTree::find(const BlockName& name) const {
  const auto block = blocks_.find(name);
  return block == blocks_.end() ? nullptr : block->second;
}

void HotStuffTree::insert(const BlockName& name, HotStuffBlockPtr block, const BlockName& high) {
  blocks_.emplace(name, std::move(block));
  forget_strays(high);
}

bool HotStuffTree::extends(BlockName name, const BlockName& ancestor) const {
  while (name.height > ancestor.height) {
    const HotStuffBlockPtr block = find(name);
    if (!block) return false;
    name = block->justify->block;
  }
  return name == ancestor;
}

std::vector<HotStuffBlockPtr> HotStuffTree::path(const BlockName& name) const {
  std::vector<HotStuffBlockPtr> blocks;
  BlockName at = name;
  while (at.height > root_.height) {
    const HotStuffBlockPtr block = find(at);
    if (!block) return {};
    blocks.push_back(block);
    at = block->justify->block;
  }
  std::reverse(blocks.begin(), blocks.end());
  return blocks;
}

void HotStuffTree::commit(const BlockName& name) {
  for (HotStuffBlockPtr& block : path(name)) history_.push_back(std::move(block));
  while (history_.size() > history_max_ + 1) history_.pop_front();
  root_ = name;
  forget_orphans();
}

std::vector<HotStuffBlockPtr> HotStuffTree::serve(const BlockName& name, std::uint64_t above, std::size_t most) const {
  std::vector<HotStuffBlockPtr> blocks;
  if (history_.empty() ? !find(name) : above + 1 < history_.front()->height) return blocks;
  if (!find(name) && !remembers(name)) return blocks;
  for (const HotStuffBlockPtr& block : history_)
    if (block->height > above && block->height <= name.height && blocks.size() < most) blocks.push_back(block);
  for (const HotStuffBlockPtr& block : path(name))
    if (block->height > above && blocks.size() < most) blocks.push_back(block);
  return blocks;
}

bool HotStuffTree::remembers(const BlockName& name) const {
  for (const HotStuffBlockPtr& block : history_)
    if (block->height == name.height) return block->name() == name;
  return false;
}

void HotStuffTree::forget_orphans() {
  for (auto block = blocks_.begin(); block != blocks_.end();) {
    const bool kept = block->first == root_ ||
                      (block->first.height > root_.height && blocks_.contains(block->second->justify->block));
    block = kept ? std::next(block) : blocks_.erase(block);
  }
}

void HotStuffTree::forget_strays(const BlockName& high) {
  if (blocks_.size() <= kStrayBlocksMax + 1) return;
  if (blocks_.size() <= kStrayBlocksMax + 1 + path(high).size()) return;
  std::set<const HotStuffBlock*> branch;
  for (const HotStuffBlockPtr& block : path(high)) branch.insert(block.get());
  auto lowest = blocks_.end();
  for (auto block = blocks_.begin(); block != blocks_.end(); ++block) {
    if (block->first == root_ || branch.contains(block->second.get())) continue;
    if (lowest == blocks_.end() || block->second->view < lowest->second->view) lowest = block;
  }
  blocks_.erase(lowest);
  forget_orphans();
}

}  // namespace conclave

// A message to several receivers whose copies carry numbers: as few messages on the wire as there are different
// numbers.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "core/outbox.hpp"

namespace conclave {

/// `Key` is what the copies differ in; it is ordered.
template <class Key>
class Copies {
 public:
  /// Begins with a new message. Receivers are added in ascending order.
  void clear() { copies_.clear(); }
  void add(AgentId to, Key key) { copies_.push_back({std::move(key), to}); }

  /// Sends what make(key, some receiver) wraps for each key. `complete` if all receivers of the original have been
  /// added: then one message goes where that was to go, if all are alike.
  template <class Make>
  void send(const Send& original, bool complete, Make&& make, Outbox& out) {
    if (copies_.empty()) return;
    const Copy& first = copies_.front();
    const bool alike = complete && std::all_of(copies_.begin(), copies_.end(),
                                               [&](const Copy& copy) { return copy.key == first.key; });
    if (alike) return out.put(Send{original.to, make(first.key, first.to)});
    std::stable_sort(copies_.begin(), copies_.end(), [](const Copy& a, const Copy& b) { return a.key < b.key; });
    for (std::size_t i = 0; i < copies_.size();) {
      const std::size_t begin = i;
      std::vector<AgentId> to;
      while (i < copies_.size() && copies_[i].key == copies_[begin].key) to.push_back(copies_[i++].to);
      RecordPtr body = make(copies_[begin].key, to.front());
      to.size() == 1 ? out.send(to.front(), std::move(body)) : out.multicast(std::move(to), std::move(body));
    }
  }

 private:
  struct Copy {
    Key key;
    AgentId to;
  };
  std::vector<Copy> copies_;
};

}  // namespace conclave

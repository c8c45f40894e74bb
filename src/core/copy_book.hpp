// The truth about copies of messages: which were submitted for whom, and what an observer remembers of each. Sixteen
// bytes a message and less, for runs of ten million.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "core/delivery_events.hpp"

namespace conclave {

/// `Mark` is what a checker remembers of one copy: small, and default-made when it is submitted.
template <class Mark>
class CopyBook {
 public:
  /// Enters the copies of a message; false if it is not the next of its author.
  bool submit(AgentId author, const MessageSubmitted& message, const Mark& mark = {}) {
    std::vector<Entry>& entries = books_[{author, message.life}];
    if (message.number != entries.size() + 1) return false;
    if (message.to.list.empty() && message.to.count == 1) {
      entries.push_back({message.to.first, 0, mark});
    } else {
      std::map<AgentId, Mark> marks;
      message.to.each(author, [&](AgentId to) { marks.emplace(to, mark); });
      many_.push_back(std::move(marks));
      entries.push_back({kNobody, static_cast<std::uint32_t>(many_.size()), mark});
    }
    return true;
  }

  /// What is remembered of a copy; nullptr if no such one was submitted.
  Mark* find(const MessageName& message, AgentId receiver) {
    const auto book = books_.find({message.author, message.life});
    if (book == books_.end() || message.number == 0 || message.number > book->second.size()) return nullptr;
    Entry& entry = book->second[message.number - 1];
    if (entry.many == 0) return entry.to == receiver ? &entry.mark : nullptr;
    const auto mark = many_[entry.many - 1].find(receiver);
    return mark == many_[entry.many - 1].end() ? nullptr : &mark->second;
  }

  /// Calls visit(name, receiver, mark) for each copy, in order.
  template <class Visit>
  void each(Visit&& visit) const {
    for (const auto& [author, entries] : books_) {
      for (std::size_t i = 0; i < entries.size(); i++) {
        const MessageName message{author.first, author.second, i + 1};
        if (entries[i].many == 0) {
          visit(message, entries[i].to, entries[i].mark);
        } else {
          for (const auto& [to, mark] : many_[entries[i].many - 1]) visit(message, to, mark);
        }
      }
    }
  }

 private:
  struct Entry {
    AgentId to;
    std::uint32_t many;  ///< 0 for one receiver, else position in many_ from 1
    Mark mark;
  };
  std::map<std::pair<AgentId, std::uint64_t>, std::vector<Entry>> books_;
  std::vector<std::map<AgentId, Mark>> many_;
};

}  // namespace conclave

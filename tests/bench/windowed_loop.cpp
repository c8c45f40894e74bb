#include <algorithm>

#include "bench/loops.hpp"

namespace conclave::bench {

namespace {

/// A broadcast in flight.
struct Flight {
  std::int64_t head;  ///< when its first copy has crossed the sender's leg
  std::uint32_t from;
  std::uint32_t round;
};

class WindowedLoop {
 public:
  WindowedLoop(const Star& star, std::uint32_t rounds)
      : star_(star),
        rounds_(rounds),
        window_(star.delay_ns(0, 0)),
        words_((star.agents + 63) / 64),
        voters_(star.agents),
        voted_(std::size_t{star.agents} * 2 * words_) {}

  std::uint64_t run() {
    for (std::uint32_t i = 0; i < star_.agents; i++) send(0, i, 0);
    merge();
    while (!flying_.empty()) {
      // Heads ascend, so the first one is the first to arrive anywhere.
      begins_ = std::max(begins_ + window_, flying_.front().head + star_.leg_ns(0));
      for (std::uint32_t to = 0; to < star_.agents; to++) run_receiver(to);
      merge();
    }
    return delivered_;
  }

 private:
  struct Voter {
    std::uint32_t round = 0;
    std::uint32_t votes[2] = {0, 0};
  };

  void send(std::int64_t now, std::uint32_t from, std::uint32_t round) {
    sent_.push_back({now + star_.leg_ns(from) + star_.serialisation_ns, from, round});
  }

  /// The copy for `to` leaves after those for the agents before it.
  std::int64_t arrival(const Flight& flight, std::uint32_t to) const {
    return flight.head + star_.leg_ns(to) + (to - (flight.from < to)) * star_.serialisation_ns;
  }

  void run_receiver(std::uint32_t to) {
    keys_.clear();
    const std::int64_t latest_head =
        begins_ + window_ - star_.leg_ns(to) - (std::int64_t{to} - 1) * star_.serialisation_ns;
    for (std::uint32_t i = 0; i < flying_.size() && flying_[i].head < latest_head; i++) {
      const auto offset = static_cast<std::uint64_t>(arrival(flying_[i], to) - begins_);
      if (offset < static_cast<std::uint64_t>(window_) && flying_[i].from != to) keys_.push_back(offset << 32 | i);
    }
    order_keys();
    delivered_ += keys_.size();
    for (const std::uint64_t key : keys_) {
      deliver(to, flying_[static_cast<std::uint32_t>(key)], begins_ + static_cast<std::int64_t>(key >> 32));
    }
  }

  /// Into buckets of equal spans of time first, after which insertion has little left to move.
  void order_keys() {
    const std::uint64_t buckets = std::min<std::uint64_t>(2048, keys_.size() + 1);
    const auto bucket = [&](std::uint64_t key) { return (key >> 32) * buckets / static_cast<std::uint64_t>(window_); };
    ends_.assign(buckets + 1, 0);
    for (const std::uint64_t key : keys_) ends_[bucket(key) + 1]++;
    for (std::size_t i = 1; i < ends_.size(); i++) ends_[i] += ends_[i - 1];
    ordered_.resize(keys_.size());
    for (const std::uint64_t key : keys_) ordered_[ends_[bucket(key)]++] = key;
    for (std::size_t i = 1; i < ordered_.size(); i++) {
      const std::uint64_t key = ordered_[i];
      std::size_t hole = i;
      for (; hole > 0 && ordered_[hole - 1] > key; hole--) ordered_[hole] = ordered_[hole - 1];
      ordered_[hole] = key;
    }
    keys_.swap(ordered_);
  }

  void deliver(std::uint32_t to, const Flight& flight, std::int64_t now) {
    Voter& voter = voters_[to];
    const std::uint32_t parity = flight.round % 2;
    std::uint64_t& word = voted_[(to * 2 + parity) * words_ + flight.from / 64];
    const std::uint64_t bit = std::uint64_t{1} << flight.from % 64;
    if (word & bit) return;
    word |= bit;
    voter.votes[parity]++;
    const std::uint32_t own = voter.round % 2;
    if (voter.votes[own] < star_.agents - 1) return;
    voter.votes[own] = 0;
    std::fill_n(voted_.begin() + static_cast<std::ptrdiff_t>((to * 2 + own) * words_), words_, 0);
    if (++voter.round < rounds_) send(now, to, voter.round);
  }

  void merge() {
    const std::uint32_t last = star_.agents - 1;
    std::erase_if(flying_, [&](const Flight& flight) {
      return flight.head + star_.leg_ns(last) + last * star_.serialisation_ns < begins_ + window_;
    });
    flying_.insert(flying_.end(), sent_.begin(), sent_.end());
    sent_.clear();
    std::sort(flying_.begin(), flying_.end(),
              [](const Flight& a, const Flight& b) { return a.head != b.head ? a.head < b.head : a.from < b.from; });
  }

  const Star star_;
  const std::uint32_t rounds_;
  const std::int64_t window_;
  const std::size_t words_;
  std::int64_t begins_ = 0;
  std::vector<Voter> voters_;
  std::vector<std::uint64_t> voted_;  ///< by receiver and parity of the round: a bit for each sender
  std::vector<Flight> flying_, sent_;
  std::vector<std::uint64_t> keys_, ordered_;
  std::vector<std::uint32_t> ends_;
  std::uint64_t delivered_ = 0;
};

}  // namespace

Measurement rounds_by_windows(const Star& star, std::uint32_t rounds) {
  const Stopwatch loop;
  const std::uint64_t delivered = WindowedLoop(star, rounds).run();
  return {loop.seconds(), static_cast<double>(delivered)};
}

}  // namespace conclave::bench

# The cheapest pairs first: near the best, and the payments no longer what keeps bidders honest.
set(source src/protocols/auction/mechanisms/vcg.cpp)
replace([[const Matching best = best_assignment(savings(tasks, bids, order, kNobody));]]
        [[Matching best;
    const std::vector<Pairing> all = savings(tasks, bids, order, kNobody);
    std::vector<std::size_t> by_gain(order.size());
    std::iota(by_gain.begin(), by_gain.end(), std::size_t{0});
    std::sort(by_gain.begin(), by_gain.end(), [&](auto a, auto b) { return std::tuple(-all[a].gain, a) < std::tuple(-all[b].gain, b); });
    std::map<std::uint32_t, bool> left, right;
    for (const std::size_t i : by_gain) {
      if (all[i].gain <= 0 || left.contains(all[i].left) || right.contains(all[i].right)) continue;
      left[all[i].left] = right[all[i].right] = true;
      best.gain += all[i].gain;
      best.chosen.push_back(i);
    }]])
set(scenario tests/mutants/auction_vcg.yaml)
set(checker auction_optimum)

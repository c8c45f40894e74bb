# Ties go to whoever comes last in the list.
set(source src/protocols/auction/mechanisms/first_price.cpp)
replace([[best_two(bids, better_price)]]
        [[best_two(bids, [](const ScoredBid& a, const ScoredBid& b) { return a.price <= b.price; })]])
set(scenario tests/mutants/auction_ties.yaml)
set(checker auction_permutation)

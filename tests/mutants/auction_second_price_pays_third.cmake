# A payment that hangs on the winner's own bid: the mean of the two.
set(source src/protocols/auction/mechanisms/second_price.cpp)
replace([[std::min(bids[*best.second].price, reserve)]]
        [[(bids[*best.first].price + bids[*best.second].price) / 2]])
set(scenario tests/mutants/auction_dominance.yaml)
set(checker auction_dominance)

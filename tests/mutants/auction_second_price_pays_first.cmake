# Second price by name, first price in the till.
set(source src/protocols/auction/mechanisms/second_price.cpp)
replace([[std::min(bids[*best.second].price, reserve)]]
        [[bids[*best.first].price]])
set(scenario tests/mutants/auction_second_price.yaml)
set(checker auction_awards)

# Bertsekas: a task's price falls to half of what was bid for it.
set(source src/protocols/auction/price_rounds.cpp)
replace([[    prices_[at] = best->second.price;]]
        [[    prices_[at] = best->second.price / 2;]])
set(scenario tests/mutants/auction_rounds.yaml)
set(checker auction_epsilon)

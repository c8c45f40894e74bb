# Bertsekas: bidding is over after three rounds.
set(source src/protocols/auction/price_rounds.cpp)
replace([[return quiet_ >= kQuietRounds;]]
        [[return round_ > 3;]])
set(scenario tests/mutants/auction_rounds.yaml)
set(checker auction_epsilon)

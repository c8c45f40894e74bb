# Bertsekas: the first bid of a round wins and not the lowest.
set(source src/protocols/auction/price_rounds.cpp)
replace([[if (!best || rank(each) < rank(*best)) best = &each;]]
        [[if (!best) best = &each;]])
set(scenario tests/mutants/auction_rounds.yaml)
set(checker auction_epsilon)

# VCG pays what was asked.
set(source src/protocols/auction/mechanisms/vcg.cpp)
replace([[.payment = bid.price + best.gain - without]]
        [[.payment = bid.price + 0 * (best.gain - without)]])
set(scenario tests/mutants/auction_vcg.yaml)
set(checker auction_optimum)

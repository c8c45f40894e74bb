# Bids above the reserve are considered.
set(source src/protocols/auction/evaluation.cpp)
replace([[  if (offer.price > task.reserve) return "asks for more than the reserve";
]]
        [[]])
set(scenario tests/mutants/auction_shading.yaml)
set(checker auction_awards)

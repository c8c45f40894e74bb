# Results are paid without being examined.
set(source src/protocols/auction/auctioneer.cpp)
replace([[result.quality < specification(session->tasks[session->position(result.task)], *state.contract)]]
        [[result.quality < 0]])
set(scenario tests/mutants/auction_poor.yaml)
set(checker auction_payments)

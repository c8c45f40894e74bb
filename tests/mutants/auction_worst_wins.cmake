# The second best is awarded the task.
set(source src/protocols/auction/mechanisms/contract_net.cpp)
replace([[return {{.task = 0, .bid = *best.first, .payment = bids[*best.first].price}};]]
        [[const std::size_t won = best.second.value_or(*best.first);
    return {{.task = 0, .bid = won, .payment = bids[won].price}};]])
set(scenario tests/mutants/auction_plain.yaml)
set(checker auction_awards)

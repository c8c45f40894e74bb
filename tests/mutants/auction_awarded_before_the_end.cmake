# A task is awarded again before its last contract is over, and nobody is told.
set(source src/protocols/auction/auctioneer.cpp)
replace([[const Duration left = session.states[at].contract->until - view.now + options_.grace;]]
        [[const Duration left = (session.states[at].contract->until - view.now) / 8;]])
replace([[    if (end != ContractEnd::declined) {]]
        [[    if (end == ContractEnd::failed) {]])
set(scenario tests/mutants/auction_slow.yaml)
set(checker auction_holders)

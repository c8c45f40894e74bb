# The winner is paid a share of what the award said.
set(source src/protocols/auction/auctioneer.cpp)
replace([[event.amount = contract.payment;]]
        [[event.amount = contract.payment / 2;]])
set(scenario tests/mutants/auction_plain.yaml)
set(checker auction_payments)

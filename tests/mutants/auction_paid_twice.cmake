# The payment is booked twice.
set(source src/protocols/auction/auctioneer.cpp)
replace([[      pay(session.number, task, contract, out);
]]
        [[      pay(session.number, task, contract, out);
      pay(session.number, task, contract, out);
]])
set(scenario tests/mutants/auction_plain.yaml)
set(checker auction_payments)

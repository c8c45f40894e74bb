# A bid that comes after the deadline is taken all the same, as long as nothing has been awarded.
set(source src/protocols/auction/auctioneer.cpp)
replace([[if (session->settled || view.now > session->deadline) return "after the deadline";]]
        [[if (session->over()) return "after the deadline";]])
set(scenario tests/mutants/auction_sniped.yaml)
set(checker auction_bids)

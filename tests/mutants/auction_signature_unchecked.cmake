# A bid counts for whoever it says it is of.
set(source src/protocols/auction/auctioneer.cpp)
replace([[if (bid.bidder != from) return "somebody else's bid";
    if (!view.crypto.verify(bid, from)) return "the signature does not fit";
    if (session->bids.contains(from)) return "has bid before";]]
        [[if (session->bids.contains(bid.bidder)) return "has bid before";]])
set(scenario tests/mutants/auction_false_name.yaml)
set(checker auction_bids)

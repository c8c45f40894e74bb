# A bid counts for whoever it says it is of.
set(source src/protocols/auction/auctioneer.cpp)
replace([[    if (bid.bidder != from) return "somebody else's bid";
    if (!view.crypto.verify(bid, from)) return "the signature does not fit";
    if (session->bids.contains(from)) return "has bid before";]]
        [[    if (from == kNobody || session->bids.contains(bid.bidder)) return "has bid before";]])
replace([[    session->second.bids.emplace(from, std::move(shared));
    BidTaken taken;
    taken.auction = bid.auction;
    taken.bidder = from;]]
        [[    session->second.bids.emplace(bid.bidder, std::move(shared));
    BidTaken taken;
    taken.auction = bid.auction;
    taken.bidder = bid.bidder;]])
set(scenario tests/mutants/auction_false_name.yaml)
set(checker auction_bids)

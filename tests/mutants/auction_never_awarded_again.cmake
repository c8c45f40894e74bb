# A task whose winner fails is forgotten.
set(source src/protocols/auction/auctioneer.cpp)
replace([[    award(view, session, {at}, out);
  }]]
        [[    if (end != ContractEnd::late) award(view, session, {at}, out);
  }]])
set(scenario tests/mutants/auction_absent.yaml)
set(checker auction_progress)

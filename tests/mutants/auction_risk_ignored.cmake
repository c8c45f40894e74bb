# Risk is assessed and takes no part in the choice.
set(source src/protocols/auction/evaluation.cpp)
replace([[bid.score = scores.total(i) - scaled(terms.risk_aversion, bid.risk, kOne);]]
        [[bid.score = scores.total(i);]])
set(scenario tests/mutants/auction_plain.yaml)
set(checker auction_awards)

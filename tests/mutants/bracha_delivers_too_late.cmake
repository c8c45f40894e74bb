# It takes 2f + 2 to deliver, and n - f may be 2f + 1.
set(source src/protocols/consensus/bracha.cpp)
replace([[readies.count() >= honest_majority(f_))]]
        [[readies.count() > honest_majority(f_))]])
set(scenario scenarios/consensus/bracha_7.yaml)
set(checker reliable_broadcast)

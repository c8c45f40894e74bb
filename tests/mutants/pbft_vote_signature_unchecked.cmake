# Prepares count without a look at their signatures: the certificate made of them proves nothing to anyone else.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[  if (!authentic(view, from, prepare, body, out)) return;]]
        [[]])
set(scenario tests/mutants/pbft_unsigned.yaml)
set(checker accountability)

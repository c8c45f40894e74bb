# Prepares count without a look at their signatures: the certificate made of them proves nothing to anyone else.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[  const auto vote = std::static_pointer_cast<const PbftPrepare>(body);
  if (!authentic(view, from, vote, out)) return;]]
        [[  const auto vote = std::static_pointer_cast<const PbftPrepare>(body);]])
set(scenario tests/mutants/pbft_unsigned.yaml)
set(checker accountability)

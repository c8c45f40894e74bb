# Who votes for another digest than the accepted one is called a liar, though it may have believed one.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[if (slot->prepares.add(rank, n_, prepare, body)) try_prepare(view, *slot, out);]]
        [[if (slot->proposal && slot->proposal->digest != prepare.digest)
    accuse(Offence::inconsistent_attestation, from, prepare.pledge(), {body}, false, out);
  if (slot->prepares.add(rank, n_, prepare, body)) try_prepare(view, *slot, out);]])
set(scenario tests/mutants/pbft_accused.yaml)
set(checker accountability)

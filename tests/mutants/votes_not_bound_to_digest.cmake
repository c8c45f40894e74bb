# A vote counts for the accepted proposal, whichever digest it names.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[if (slot->prepares.add(rank, n_, prepare, body)) try_prepare(view, *slot, out);]]
        [[PbftPrepare bent = prepare;
  if (slot->proposal) bent.digest = slot->proposal->digest;
  if (slot->prepares.add(rank, n_, share(bent))) try_prepare(view, *slot, out);]])
replace([[if (slot->commits.add(rank, n_, commit, body)) try_commit(view, *slot, out);]]
        [[PbftCommit bent = commit;
  if (slot->proposal) bent.digest = slot->proposal->digest;
  if (slot->commits.add(rank, n_, share(bent))) try_commit(view, *slot, out);]])
set(scenario tests/mutants/equivocating.yaml)
set(checker agreement)

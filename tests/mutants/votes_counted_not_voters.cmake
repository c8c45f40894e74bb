# Who votes twice has two votes: each is counted for the next seat that is free.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[if (slot->prepares.add(rank, n_, prepare, body)) try_prepare(view, *slot, out);]]
        [[for (std::uint32_t seat = 0; seat < n_; seat++)
    if (slot->prepares.add(seat, n_, prepare, body)) break;
  try_prepare(view, *slot, out);]])
replace([[if (slot->commits.add(rank, n_, commit, body)) try_commit(view, *slot, out);]]
        [[for (std::uint32_t seat = 0; seat < n_; seat++)
    if (slot->commits.add(seat, n_, commit, body)) break;
  try_commit(view, *slot, out);]])
set(scenario tests/mutants/equivocating.yaml)
set(checker agreement)

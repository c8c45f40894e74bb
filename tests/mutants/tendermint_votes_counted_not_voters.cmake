# Each vote for a value counts, though it may be the same voter's again.
set(source src/protocols/consensus/tendermint.cpp)
replace([[tally.add(view.peers.rank(signer), n_, vote);]]
        [[tally.add(static_cast<std::uint32_t>(tally.votes().size()) % n_, n_, vote);]])
set(scenario tests/mutants/tendermint_two_faced.yaml)
set(checker agreement)

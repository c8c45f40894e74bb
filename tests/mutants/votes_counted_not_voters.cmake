# Who votes twice has two votes.
set(source src/protocols/consensus/pbft.cpp)
replace([[if (slot.prepared_by.add(rank, n_)) slot.ballot(digest).prepares.add(rank, n_);]]
        [[slot.prepared_by.add(rank, n_);
    if (VoteSet& votes = slot.ballot(digest).prepares; votes.count() < n_) votes.add(votes.count(), n_);]])
replace([[if (slot.committed_by.add(rank, n_)) slot.ballot(digest).commits.add(rank, n_);]]
        [[slot.committed_by.add(rank, n_);
    if (VoteSet& votes = slot.ballot(digest).commits; votes.count() < n_) votes.add(votes.count(), n_);]])
set(scenario tests/mutants/equivocating.yaml)
set(checker agreement)

# A leader counts who holds an entry of an earlier term: figure 8 of the paper.
set(source src/protocols/consensus/raft.cpp)
replace([[if (holders.count() >= majority_ && log_.term_at(index) == term_) committed = index;]]
        [[if (holders.count() >= majority_) committed = index;]])
set(scenario tests/mutants/raft_figure_8.yaml)
set(checker agreement)

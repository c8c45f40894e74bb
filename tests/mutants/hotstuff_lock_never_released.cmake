# A vote needs a block that extends the lock, whatever has been certified since.
set(source src/protocols/consensus/hotstuff.cpp)
replace([[if (!tree_.extends(name, locked_) && block->justify->view <= locked_view_)]]
        [[if (!tree_.extends(name, locked_))]])
set(scenario tests/mutants/hotstuff_unlocked.yaml)
set(checker progress)

# A replica votes for whatever the leader of the view proposes.
set(source src/protocols/consensus/hotstuff.cpp)
replace([[if (!tree_.extends(name, locked_) && block->justify->view <= locked_view_)
      return refuse(view, *block, name, "conflicts with the lock", out);]]
        [[]])
set(scenario tests/mutants/hotstuff_forked.yaml)
set(checker agreement)

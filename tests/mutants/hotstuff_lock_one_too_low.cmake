# The lock is the block that gets committed, not the one above it.
set(source src/protocols/consensus/hotstuff.cpp)
replace([[if (b1->view > locked_view_) {
      locked_view_ = b1->view;
      locked_ = b2->justify->block;
    }]]
        [[if (const auto below = tree_.find(b1->justify->block); below && below->view > locked_view_) {
      locked_view_ = below->view;
      locked_ = b1->justify->block;
    }]])
set(scenario tests/mutants/hotstuff_forked.yaml)
set(checker agreement)

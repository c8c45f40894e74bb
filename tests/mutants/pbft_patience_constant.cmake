# Views that achieve nothing are not followed by longer ones.
set(source src/protocols/consensus/pbft/view_change.cpp)
replace([[return view_timeout_ * (std::int64_t{1} << std::min(given_up_, kDoublingsMax));]]
        [[return view_timeout_ * (kDoublingsMax > 0 ? 1 : 2);]])
set(scenario tests/mutants/pbft_far_apart.yaml)
set(checker progress)

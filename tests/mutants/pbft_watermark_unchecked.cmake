# A primary may propose for any slot, however far ahead: the log has no bound.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[if (sequence <= low() || sequence > low() + window_) return nullptr;]]
        [[if (sequence <= low()) return nullptr;]])
set(scenario tests/mutants/pbft_leaping.yaml)
set(checker progress)

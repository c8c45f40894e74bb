# A replica may claim in its VIEW-CHANGE that whatever it likes was prepared.
set(source src/protocols/consensus/pbft/certificates.cpp)
replace([[if (!prepared || !valid(*prepared, group, crypto)) return false;]]
        [[if (!prepared) return false;]])
set(scenario tests/mutants/pbft_forging.yaml)
set(checker agreement)

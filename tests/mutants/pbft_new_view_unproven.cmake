# A backup takes the new primary's word for what the old view has left.
set(source src/protocols/consensus/pbft/certificates.cpp)
replace([[if (proposal->digest != obliged.digests[i] || !crypto]]
        [[if (!crypto]])
set(scenario tests/mutants/pbft_forgetful.yaml)
set(checker agreement)

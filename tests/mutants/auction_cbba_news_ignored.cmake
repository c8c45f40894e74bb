# CBBA: word of third agents is never newer.
set(source src/protocols/auction/bundle_consensus.cpp)
replace([[bool newer(AgentId of) const { return group.contains(of) && table.heard[group.rank(of)] > own.heard[group.rank(of)]; }]]
        [[bool newer(AgentId) const { return false; }]])
set(scenario tests/mutants/auction_bundles.yaml)
set(checker cbba_bundles)

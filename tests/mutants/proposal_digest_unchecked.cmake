# A backup votes for a digest without comparing it with the batch that came along. What nobody has is then decided, and
# cannot be executed.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[if (message.batch->digest() != proposal.digest) {]]
        [[if (false) {]])
set(scenario tests/mutants/pbft_mislabelled.yaml)
set(checker progress)

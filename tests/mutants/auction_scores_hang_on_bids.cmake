# The default scores by the bids received.
set(source src/protocols/auction/scoring/weighted_sum.cpp)
replace([[const Criterion& criterion = criteria[static_cast<std::size_t>(j)];
      weights(j) = criterion.weight;]]
        [[Criterion criterion = criteria[static_cast<std::size_t>(j)];
      criterion.most = std::max(criterion.least + 1, measured.col(j).maxCoeff());
      weights(j) = criterion.weight;]])
set(scenario tests/mutants/auction_shill.yaml)
set(checker auction_deletion)

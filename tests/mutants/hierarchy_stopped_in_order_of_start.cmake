# Work stops in the order in which it was started.
set(source src/protocols/hierarchy/supervision.cpp)
replace([[  for (std::size_t i = started_.size(); i-- > 0;) {]] [[  for (std::size_t i = 0; i < started_.size(); i++) {]])
set(scenario tests/mutants/hierarchy_one_for_all.yaml)
set(checker supervision)

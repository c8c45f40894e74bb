# The root changes its organisation for any gain, and as often as it likes.
set(source src/protocols/hierarchy/membership.cpp)
replace([[  if (changed_at_ && view.now - *changed_at_ < options_.calm) return;]] [[]])
set(scenario tests/mutants/hierarchy_restless.yaml)
set(checker reorganisations)

# The terms of all electors are the same, so that two can lead in one.
set(source src/protocols/hierarchy/succession.cpp)
replace([[  return {(std::max(known.term, granted_.term) / k + 1) * k + *rank(view.self), 1};]]
        [[  static_cast<void>(view);
  return {std::max(known.term, granted_.term) + k, 1};]])
replace([[    if (*from < mine) return std::nullopt;]] [[    if (*from <= mine || mine > 1) return std::nullopt;]])
set(scenario tests/mutants/hierarchy_split.yaml)
set(checker role_holder)

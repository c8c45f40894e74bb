# Nobody looks whether a result is its worker's own and true.
set(source src/protocols/hierarchy/membership.cpp)
replace([[  if (!result.completed) return true;
  if (!view.crypto.verify]] [[  if (!result.completed || from != kNobody) return true;
  if (!view.crypto.verify]])
set(scenario scenarios/hierarchy/misreport.yaml)
set(checker completion)

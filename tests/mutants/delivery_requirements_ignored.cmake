# Messages do not wait for what they require.
set(source src/protocols/delivery/dag.cpp)
replace([[    if (!ready(stream, *envelope)) {]] [[    if (false && !ready(stream, *envelope)) {]])
set(scenario tests/mutants/delivery_dependencies.yaml)
set(checker dependency_order)

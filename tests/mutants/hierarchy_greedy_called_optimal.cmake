# What is called optimal is greedy, under the prices of the optimum.
set(source src/protocols/hierarchy/assignment.cpp)
replace([[    RoleAssignment found = repaired(problem, flow);]] [[    RoleAssignment found = assign_greedily(problem);]])
set(scenario tests/mutants/hierarchy_unequal.yaml)
set(checker assignment_certificate)

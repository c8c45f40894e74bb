# What is called optimal is greedy, under the prices of the optimum.
set(source src/protocols/hierarchy/assignment.cpp)
replace([[    RoleAssignment found = repaired(problem, flow);]]
        [[    RoleAssignment found = round >= 0 ? assign_greedily(problem) : repaired(problem, flow);]])
set(scenario tests/mutants/hierarchy_unequal.yaml)
set(checker assignment_certificate)

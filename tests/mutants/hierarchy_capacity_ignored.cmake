# Roles are given to agents that have no room for them.
set(source src/protocols/hierarchy/assignment.cpp)
replace([[    if (demand(role, k) > capacities_[agent * problem_.resources + k]) return false;]]
        [[    if (demand(role, k) > problem_.capacities[agent * problem_.resources + k]) return false;]])
replace([[    for (std::size_t k = 0; k < problem_.resources; k++) capacities_[agent * problem_.resources + k] -= demand(role, k);]]
        [[    static_cast<void>(role);]])
set(scenario tests/mutants/hierarchy_roles.yaml)
set(checker capacity)

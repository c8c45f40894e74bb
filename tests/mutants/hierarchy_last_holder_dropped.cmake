# An optimal assignment loses one of its holders.
set(source src/protocols/hierarchy/assignment.cpp)
replace([[  fill(problem, room, assignment.holders);
  assignment.cost = cost_of(problem, assignment.holders);
  return assignment;
}

/// Raises]]
        [[  if (assignment.holders[0].size() > 1) assignment.holders[0].pop_back();
  assignment.cost = cost_of(problem, assignment.holders);
  return assignment;
}

/// Raises]])
set(scenario tests/mutants/hierarchy_unequal.yaml)
set(checker assignment_certificate)

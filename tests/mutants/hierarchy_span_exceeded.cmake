# The tree has one more report for each manager than it says.
set(source src/protocols/hierarchy/structure.cpp)
replace([[shape.parent.push_back(position == 0 ? 0 : (position - 1) / span);]]
        [[shape.parent.push_back(position == 0 ? 0 : (position - 1) / (span + 1));]])
set(scenario scenarios/hierarchy/tree.yaml)
set(checker tree)

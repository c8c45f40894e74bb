# A manager never gives up.
set(source src/protocols/hierarchy/supervision.cpp)
replace([[.escalate = incidents_.size() >= rules_.restarts]] [[.escalate = false]])
set(scenario scenarios/hierarchy/worker_crashes.yaml)
set(checker supervision)

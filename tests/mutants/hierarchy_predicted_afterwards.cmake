# What is expected of a job is said when it has begun.
set(source src/protocols/hierarchy/root_office.cpp)
replace([[    out.emit(predict(epoch, id, offer.job->tasks, nodes, pace, facts_));
    out.emit(JobStarted{.epoch = epoch, .job = id});]]
        [[    out.emit(JobStarted{.epoch = epoch, .job = id});
    out.emit(predict(epoch, id, offer.job->tasks, nodes, pace, facts_));]])
set(scenario scenarios/hierarchy/tree.yaml)
set(checker prediction)

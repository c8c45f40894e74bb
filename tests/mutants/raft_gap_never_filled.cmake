# A leader takes no notice of a follower that has a gap.
set(source src/protocols/consensus/raft.cpp)
replace([[} else if (!follower.back_up(reply, log_)) {]]
        [[} else if (reply.previous_index > 0) {]])
set(scenario scenarios/consensus/raft_lossy.yaml)
set(checker progress)

# A root never gives up its lease.
set(source src/protocols/hierarchy/member.cpp)
replace([[  end > view.now ? out.set_timer({.name = kLease}, end - view.now) : out.set_timer({.name = kLease}, Duration(1));]]
        [[  static_cast<void>(end), static_cast<void>(out);]])
set(scenario scenarios/hierarchy/split_lease.yaml)
set(checker completion)

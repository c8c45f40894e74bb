# A manager that misses a report keeps it to itself.
set(source src/protocols/hierarchy/member.cpp)
replace([[  if (manager_ != kNobody) return out.send(manager_, share(std::move(loss)));
  if (rooted()) remove(view, gone, view.self, reason, out);]]
        [[  static_cast<void>(loss), static_cast<void>(view), static_cast<void>(reason), static_cast<void>(out);]])
set(scenario scenarios/hierarchy/manager_crash.yaml)
set(checker tree)

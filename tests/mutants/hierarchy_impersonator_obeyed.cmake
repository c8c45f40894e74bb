# A charter is obeyed whoever has signed the appointment.
set(source src/protocols/hierarchy/membership.cpp)
replace([[  return view.crypto.verify(*manager, succession_.owner(charter.epoch));]] [[  static_cast<void>(view);
  return true;]])
set(scenario tests/mutants/hierarchy_impersonate.yaml)
set(checker role_holder)

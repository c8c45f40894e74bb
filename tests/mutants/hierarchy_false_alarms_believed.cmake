# The root never minds false alarms.
set(source src/protocols/hierarchy/member.cpp)
replace([[  if (++false_alarms_[manager] < kFalseAlarmsMost) return;]] [[  if (++false_alarms_[manager] > 0) return;]])
set(scenario scenarios/hierarchy/flip_flop.yaml)
set(checker reorganisations)

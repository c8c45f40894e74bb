// Accusations: each of one replica for one offence is made once, however often it is repeated.
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "core/consensus_events.hpp"
#include "core/outbox.hpp"

namespace conclave {

class Accusations {
 public:
  /// `evidence` is signed by the accused; when `transferable`, it proves the offence by itself.
  void accuse(AgentId accused, Offence offence, std::uint64_t view, std::uint64_t sequence,
              std::vector<RecordPtr> evidence, bool transferable, Outbox& out) {
    if (!made_.emplace(accused, offence).second) return;
    out.emit(Accused{.accused = accused,
                     .offence = offence,
                     .view = view,
                     .sequence = sequence,
                     .transferable = transferable,
                     .evidence = std::move(evidence)});
  }

 private:
  std::set<std::pair<AgentId, Offence>> made_;
};

}  // namespace conclave

// Who lies, and what proves it.
//
//   what is seen                                               offence                    a third party can verify it
//   two proposals, prepares, commits, checkpoints, VIEW-
//     CHANGEs or NEW-VIEWs of one place that differ             equivocation               yes, from the two
//   a prepare and a commit, or a proposal and a commit,
//     of one slot and view that differ                          inconsistent attestation   yes, from the two
//   a proposal by one who does not lead its view                bad view                   yes, from it
//   a proposal for slot 0                                       bad sequence               yes, from it
//   a request in a proposal that its client has not signed      invalid proposal           yes, from both
//   a request in a proposal that the data context refuses       invalid proposal           only with the same context
//   a batch that is not the proposed one                        invalid proposal           no: who put them together?
//   a VIEW-CHANGE or NEW-VIEW whose proofs prove nothing        invalid certificate        yes, from it
//   a state or checkpoint without a proof                       invalid certificate        no
//   another replica's statement, sent as one's own              replay                     no
//   a signature that does not fit                               invalid signature          no
//
// Commits with MACs convince nobody but their receiver.
//
// Where a third party cannot verify, the accuser knows from the network who has sent it. Nobody honest is accused: the
// network can lose, double, delay and reorder messages, and an honest replica keeps its promises over restarts. That is
// also why an old message of one's own, sent again, is no offence (the network doubles messages too), and why a vote
// for another digest than the accepted one is none (its voter may have believed the same liar).

#include "protocols/consensus/pbft/accusations.hpp"

namespace conclave {

void Pbft::accuse(Offence offence, AgentId accused, const Pledge& where, std::vector<RecordPtr> evidence,
                  bool transferable, Outbox& out) {
  if (!accused_.emplace(accused, offence).second) return;
  out.emit(Accused{.accused = accused,
                   .offence = offence,
                   .view = where.view,
                   .sequence = where.sequence,
                   .transferable = transferable,
                   .evidence = std::move(evidence)});
}

}  // namespace conclave

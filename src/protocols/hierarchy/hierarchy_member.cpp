// A hierarchy that has jobs done. The first agents of the group are its electors, of whom one stands at the root; the
// others become managers or workers as the root decides.
//
//   everyone -> electors   profile                   what I can do
//   owner    -> electors   job                       a graph of tasks
//   root:    analyse the job, design a shape, give roles to agents, predict
//   manager  -> report     charter                   your place, and who is below you
//   report   -> manager    joined                    I and all below me are in place, and have these tasks
//   manager  -> report     delegate                  a task whose predecessors are done
//   worker:  compute
//   report   -> manager    result
//   root     -> owner      report                    what failed, and what the others add up to
//
// Without faults a tree of n members over L levels is in place after 2 (n - 1) messages and 2 L delays, and a task that
// is done at depth l takes 2 l messages.
//
// An epoch is a term, of one root, and a revision, of one change that it made. A charter is obeyed if its sender shows
// an appointment for that very epoch, signed by the elector whose term it is; nothing is obeyed whose epoch is lower
// than one that has been obeyed. So a root or a manager that has been replaced and does not know it gets nowhere.
//
// Everyone beats to those it works with and watches them. Whoever loses a report gives its work to others and tells the
// root, which fills the place from below and has only those told whose branch has changed. When the root is lost the
// electors elect another; it starts from the organisation as it last heard of it, and learns what is done and under way
// from those who take their places again: hand-over costs charters, inventories and the results said again.
//
//   task_graph  planning  assignment  structure  prediction     pure functions: what the root thinks
//   organisation                                               likewise: who moves when somebody goes or comes
//   root_office  ledger                                        what the root does
//   team  supervision                                          what a manager does
//   labour                                                     what a worker does
//   oversight  succession                                      who is there, who leads
//   member                                                     all of it together

#include "protocols/hierarchy/member.hpp"

namespace conclave {
namespace {

class HierarchyMember final : public Member {
 public:
  using Options = MemberOptions;
  using Member::Member;
  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    check_member(options, deployment, written, diagnostics);
  }
};

const bool registered = ProtocolCatalog::add<HierarchyMember>({.name = "hierarchy_member",
                                                               .family = "hierarchy",
                                                               .summary = "a manager or worker of a hierarchy",
                                                               .uses_host = true});

}  // namespace
}  // namespace conclave

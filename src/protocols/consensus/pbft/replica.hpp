// A replica of PBFT: its state, and the handlers that the chapters define. See pbft.cpp for the map.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/consensus_events.hpp"
#include "core/data_context.hpp"
#include "protocols/consensus/pbft/certificates.hpp"
#include "protocols/consensus/pbft/heard.hpp"
#include "protocols/consensus/pbft/log.hpp"
#include "protocols/consensus/pbft/messages.hpp"
#include "protocols/consensus/service.hpp"

namespace conclave {

/// What proves who has sent a commit.
enum class CommitProof { signatures, macs };
template <>
struct Choices<CommitProof> {
  static constexpr std::pair<CommitProof, std::string_view> kNames[] = {{CommitProof::signatures, "signatures"},
                                                                        {CommitProof::macs, "macs"}};
};

class Pbft final : public Protocol {
 public:
  struct Options {
    std::optional<std::uint32_t> f;
    DataContextChoice context;
    std::uint32_t batch = 100;
    Duration batch_delay{};
    std::uint32_t pipeline = 8;
    std::uint32_t checkpoint = 128;
    std::uint32_t window = 256;
    Duration view_timeout = std::chrono::seconds(2);
    Duration resend = std::chrono::milliseconds(500);
    ByteCount state;
    ByteCount reply;
    CommitProof commits = CommitProof::signatures;
    Duration mac{};
    static const ParamTable& params();
  };

  Pbft(const Options& options, const Deployment& deployment);
  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics);
  void step(const View& view, const Input& input, Outbox& out) override;

 private:
  enum Timer : std::uint32_t { kViewTimer, kResendTimer, kBatchTimer };

  // pbft.cpp
  void hear(const View& view, const Message& message, Outbox& out);
  void hear_replica(const View& view, const Message& message, Outbox& out);
  void on_restart(const View& view, Outbox& out);
  void keep_time(const View& view, Outbox& out);
  AgentId primary() const { return group_.primary(view_); }
  bool leads(const View& view) const { return active_ && primary() == view.self; }

  // normal_case.cpp
  void on_request(const View& view, AgentId from, const ClientRequestPtr& request, Outbox& out);
  void propose_waiting(const View& view, Outbox& out);
  void propose(const View& view, Outbox& out);
  void say_proposed(const PbftProposal& proposal, Outbox& out) const;
  void on_pre_prepare(const View& view, AgentId from, const RecordPtr& body, Outbox& out);
  bool is_sound(const View& view, AgentId from, const RecordPtr& body, Outbox& out);
  void accept(const View& view, const PbftProposalPtr& proposal, const BatchPtr& batch, Outbox& out);
  void on_prepare(const View& view, AgentId from, const RecordPtr& body, Outbox& out);
  void try_prepare(const View& view, PbftSlot& slot, Outbox& out);
  void on_commit(const View& view, AgentId from, const RecordPtr& body, Outbox& out);
  void on_mac_commit(const View& view, AgentId from, const PbftMacCommit& commit, Outbox& out);
  RecordPtr on_the_wire(const std::shared_ptr<const PbftCommit>& commit, std::uint32_t receivers, Outbox& out) const;
  void try_commit(const View& view, PbftSlot& slot, Outbox& out);
  void execute_in_order(const View& view, Outbox& out);
  void refuse(const PbftProposal& proposal, std::string reason, Outbox& out) const;
  PbftSlot* slot_at(std::uint64_t sequence);

  // checkpoints.cpp
  void take_checkpoint(const View& view, Outbox& out);
  void on_checkpoint(const View& view, AgentId from, const RecordPtr& body, Outbox& out);
  void try_stabilise(const View& view, std::uint64_t sequence, const Digest& digest, Outbox& out);
  void stabilise(const View& view, const PbftStablePtr& stable, Outbox& out);
  void on_stable(const View& view, AgentId from, const PbftStablePtr& stable, Outbox& out);
  void on_fetch(AgentId from, const PbftFetch& fetch, Outbox& out) const;
  void on_state(const View& view, AgentId from, const PbftState& answer, Outbox& out);
  std::uint64_t low() const { return stable_ ? stable_->sequence : 0; }

  // view_change.cpp
  void give_up(const View& view, Outbox& out);
  void change_view(const View& view, std::uint64_t next, Outbox& out);
  void leave_view(const View& view);
  void on_view_change(const View& view, AgentId from, const RecordPtr& body, Outbox& out);
  void count_view_changes(const View& view, Outbox& out);
  void join_others(const View& view, Outbox& out);
  void make_new_view(const View& view, std::vector<PbftViewChangePtr> changes, Outbox& out);
  void on_new_view(const View& view, AgentId from, const RecordPtr& body, Outbox& out);
  void enter_view(const View& view, const PbftNewViewPtr& news, Outbox& out);
  void hold(AgentId from, const RecordPtr& body, std::uint64_t view_wanted);
  void release(const View& view, Outbox& out);
  Duration patience() const;

  // recovery.cpp
  void resend(const View& view, Outbox& out);
  void progressed(const View& view);
  bool stuck() const;
  void tell_status(const View& view, Outbox& out);
  void on_status(const View& view, AgentId from, const PbftStatus& status, Outbox& out);
  void send_view_again(const View& view, AgentId to, bool my_turn, Outbox& out) const;
  void send_slots_again(const View& view, AgentId to, const PbftStatus& status, bool my_turn, Outbox& out);
  void on_content(const View& view, const PbftContent& content, Outbox& out);
  void note_heard(std::uint32_t rank, std::uint64_t sequence);

  // accusations.hpp
  template <class Kind>
  bool authentic(const View& view, AgentId from, const Kind& statement, const RecordPtr& body, Outbox& out);
  void accuse(Offence offence, AgentId accused, const Pledge& where, std::vector<RecordPtr> evidence, bool transferable,
              Outbox& out);
  template <class First, class Second>
  void accuse_of_two(AgentId accused, const std::shared_ptr<const First>& first,
                     const std::shared_ptr<const Second>& second, Outbox& out);
  template <class Vote>
  void compare(AgentId voter, const Vote& vote, const RecordPtr& body, const PbftSlot& slot, Outbox& out);

  // Fixed.
  const PbftGroup group_;
  const std::uint32_t n_;
  const std::uint32_t f_;
  const std::uint32_t batch_most_;
  const Duration batch_delay_;
  const std::uint32_t pipeline_;
  const std::uint32_t checkpoint_every_;
  const std::uint32_t window_;
  const Duration view_timeout_;
  const Duration resend_;
  const ByteCount state_bytes_;
  const bool macs_;  ///< commits bear MACs
  const Duration mac_cost_;
  const std::shared_ptr<const DataContext> context_;

  // The service, and how far it has come.
  Service service_;
  std::uint64_t executed_ = 0;  ///< every slot up to here has been executed

  // The view.
  std::uint64_t view_ = 0;
  bool active_ = true;                       ///< false from giving up on a view until the next one's NEW-VIEW
  std::map<std::uint64_t, PbftSlot> slots_;  ///< above the low watermark, up to the high one
  std::uint64_t accepted_ = 0;               ///< highest slot with a proposal in this view

  // The primary's.
  std::uint64_t proposed_ = 0;       ///< last slot that it has proposed
  std::uint64_t cursor_ = 0;         ///< waiting requests that arrived before it have been proposed
  std::set<RequestName> under_way_;  ///< what the view began with: not to be proposed again
  bool batch_timer_ = false;         ///< a batch may still grow
  bool batch_due_ = false;           ///< it has had its time

  // Checkpoints.
  PbftStablePtr stable_;  ///< the low watermark and its proof; null at the start
  PbftStablePtr target_;  ///< a later one that others have reached: this replica needs their state
  std::map<std::uint64_t, Ballots<PbftCheckpoint>> checkpoints_;  ///< by sequence number, above the low watermark
  std::map<std::uint64_t, ServiceStatePtr> states_;               ///< this replica's, from the low watermark on
  bool fetching_ = false;                                         ///< asked for a state since the last resend

  // View changes.
  std::map<std::uint32_t, PbftViewChangePtr> changes_;  ///< by rank: the latest of each replica, its own included
  PbftNewViewPtr new_view_;                             ///< with which the current view began
  std::uint32_t given_up_ = 0;                          ///< views in a row without an execution
  bool new_view_due_ = false;                           ///< a quorum waits for NEW-VIEW, and the timer runs
  struct Held {
    AgentId from;
    std::uint64_t view;
    RecordPtr body;
  };
  std::vector<Held> held_;                        ///< messages of views that this replica has not entered yet
  std::map<std::uint32_t, std::uint32_t> holds_;  ///< by rank: how many of them

  // Recovery.
  Heard heard_;                                       ///< of which slots the others have spoken
  std::uint64_t heard_most_ = 0;                      ///< the highest of them since this replica was last idle
  std::optional<std::uint64_t> awaited_;              ///< arrival of the request for which the view timer runs
  bool resending_ = false;                            ///< the resend timer runs
  std::pair<std::uint64_t, std::uint64_t> progress_;  ///< view and last execution when it was set
  Time progressed_at_{};                              ///< and the time since when they have been the same
  std::uint64_t attempt_ = 0;                         ///< resends in a row without progress

  std::set<std::pair<AgentId, Offence>> accused_;  ///< each is accused of each offence once
};

}  // namespace conclave

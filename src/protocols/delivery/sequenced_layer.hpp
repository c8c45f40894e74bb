// Messages of one sender in the order in which they were sent: what `fifo` and `per_key` share. They differ in which
// messages are ordered among each other: those of a conversation, or those of a key.
//
//   sender                                   receiver
//     |-- 1 --------------------------------->|  1 is next: handed over
//     |-- 2 --X                               |
//     |-- 3 --------------------------------->|  2 is missing: 3 is held, at position 1
//     |                                       |  `patience` later
//     |<------------------- nak(2..2) --------|
//     |-- 2 --------------------------------->|  2 is handed over, and then 3: the gap drains
//
// A gap must end in some way, or everything behind it waits for ever. The sender keeps its last messages and sends them
// again when it is asked; what it no longer has, or what a layer outside has given up, it declares gone (skip). After
// `naks` questions without an answer the receiver passes the gap over by itself. With `naks: 0` it asks nothing and
// waits.
//
// The last message of a conversation leaves no gap when it is lost: only a reliable layer outside notices.
//
// Numbers are kept per receiver, in epochs as those of `exactly_once`. What comes against the numbering is thrown away
// and told, by class: duplicate (had already), regression (passed over before), stale_epoch (of a former life),
// equivocation (another message under a held number), beyond_window (too far ahead to hold).
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "core/catalog.hpp"
#include "protocols/delivery/copies.hpp"
#include "protocols/delivery/label.hpp"
#include "protocols/delivery/reports.hpp"
#include "protocols/delivery/sequence_buffer.hpp"

namespace conclave {

struct SequencedOptions {
  Duration patience = std::chrono::seconds(1);
  std::uint32_t naks = 10;
  std::uint32_t buffer = 1024;
  std::uint32_t history = 256;
};

template <class Options>
Params<Options> sequenced_params() {
  return Params<Options>()
      .add("patience", &Options::patience, "time after which a receiver asks for what is missing, and asks again",
           {.least = Duration(1)})
      .add("naks", &Options::naks, "questions without an answer after which it passes a gap over; 0: it waits for ever")
      .add("buffer", &Options::buffer, "messages of one sender that a receiver holds until their turn",
           {.least = 1, .most = 1u << 20})
      .add("history", &Options::history, "messages that a sender keeps for each receiver and lane, to send them again",
           {.least = 1, .most = 1u << 20});
}

class SequencedLayer : public Layer {
 protected:
  SequencedLayer(std::string_view buffer, const SequencedOptions& options)
      : options_(options), high_water_(buffer, options.buffer) {}

  /// Among which messages this one is ordered.
  virtual std::uint32_t lane_of(const Record& body) const = 0;

  void on_input(const View& view, const Input& input, Outbox& out) final;
  void on_effect(const View& view, const Effect& wanted, Outbox& out) final;
  void on_timer(const View& view, TimerKey key, Outbox& out) final;

 private:
  using Lane = std::pair<AgentId, std::uint32_t>;  ///< with whom, and which

  struct Kept {
    RecordPtr body;     ///< nullptr when it was given up
    bool told = false;  ///< what has become of it: it may be on its way more than once, and is told once
  };
  struct Outgoing {
    SequenceBuffer<Kept> history;
    Time answered;                      ///< when the resends of this moment began
    std::uint64_t resent = 0;           ///< since then
  };
  struct Held {
    RecordPtr body;
    Time since;
  };
  struct Incoming {
    std::uint64_t epoch = 0;
    std::uint64_t expected = 1;
    std::uint64_t highest = 0;  ///< number that has come, but not beyond the buffer
    std::uint64_t skipped = 0;  ///< the last number that was passed over
    std::uint32_t naks = 0;     ///< since the last progress
    bool asking = false;        ///< its timer is set
    std::map<std::uint64_t, Held> held;
  };

  void on_envelope(const View& view, AgentId from, const SequencedEnvelope& envelope, Outbox& out);
  Incoming* enter(AgentId from, const SequencedEnvelope& envelope, Outbox& out);
  void hold(const View& view, AgentId from, Incoming& lane, const SequencedEnvelope& envelope, Outbox& out);
  void drain(const View& view, Lane name, Incoming& lane, Outbox& out);
  void skip(const View& view, Lane name, Incoming& lane, std::uint64_t below, std::string_view reason, Outbox& out);
  void ask_later(Lane name, Incoming& lane, Outbox& out);
  void on_nak(const View& view, AgentId from, const SequencedNak& nak, Outbox& out);
  void on_notice(const View& view, const DeliveryNotice& notice, Outbox& out);
  std::shared_ptr<const SequencedEnvelope> envelope(std::uint32_t lane, std::uint64_t sequence, RecordPtr body) const;

  const SequencedOptions options_;
  std::uint64_t epoch_ = 0;
  std::map<Lane, Outgoing> outgoing_;
  std::map<Lane, Incoming> incoming_;
  std::map<AgentId, std::uint64_t> held_;   ///< messages of each sender that wait
  std::map<AgentId, std::uint32_t> lanes_;  ///< of each sender
  Copies<std::uint64_t> copies_;
  HighWater high_water_;
};

}  // namespace conclave

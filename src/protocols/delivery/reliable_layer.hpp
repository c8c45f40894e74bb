// Acknowledged delivery around any protocol: what `at_least_once` and `exactly_once` share. They differ in whether the
// receiver knows again what it has had.
//
//   sender                                     receiver
//     |-- envelope(epoch, 7, attempt 1, body) ---X      lost: no answer within the timeout
//     |-- envelope(epoch, 7, attempt 2, body) ---->|    7 is new: hand the body over
//     |<------------- ack(epoch, 7, attempt 2) ----|
//
// A sender numbers its messages to each receiver apart: 1, 2, 3… One multicast is one message on the wire as long as it
// has the same number for all its receivers, as with protocols that only broadcast; otherwise it is one for each
// number.
//
// A message is in flight until it is acknowledged, or given up because of its attempts, its deadline, the retry budget
// or a full buffer. Whoever sent it is told then (DeliveryNotice). Numbers that were given up will never come, and
// receivers must not wait for them: each envelope carries a floor, below which nothing is on its way any more.
//
// Epochs. A sender that has lost its memory numbers from 1 again, which must not be taken for repetitions. It does so
// in a new epoch, the time of its start, and what is of an older epoch is thrown away. A receiver that has lost its
// memory says so in its acks (`receiver`), and is told by the floor where to go on.
#pragma once

#include <map>
#include <optional>
#include <queue>
#include <set>
#include <string_view>
#include <vector>

#include "core/catalog.hpp"
#include "core/delivery_messages.hpp"
#include "protocols/delivery/backoff.hpp"
#include "protocols/delivery/copies.hpp"
#include "protocols/delivery/dedup_window.hpp"
#include "protocols/delivery/ledger.hpp"
#include "protocols/delivery/reports.hpp"
#include "protocols/delivery/round_trip.hpp"
#include "protocols/delivery/sequence_buffer.hpp"

namespace conclave {

enum class RetryTimer { fixed, adaptive };
template <>
struct Choices<RetryTimer> {
  static constexpr std::pair<RetryTimer, std::string_view> kNames[] = {{RetryTimer::fixed, "fixed"},
                                                                       {RetryTimer::adaptive, "adaptive"}};
};

struct ReliableOptions : Backoff {
  ReliableOptions() { cap = std::chrono::seconds(10); }
  RetryTimer timer = RetryTimer::fixed;
  Duration timeout = std::chrono::milliseconds(200);
  Duration least = std::chrono::milliseconds(1);
  std::uint32_t attempts = 100;
  std::optional<Duration> deadline;
  std::optional<Factor> budget;
  std::uint32_t window = 1024;
  std::uint32_t buffer = 65'536;
  std::uint32_t credit = 1024;
  std::uint32_t remember = 1024;
  std::uint32_t evidence = 8;
  bool confirm = false;
};

/// The rows that both tables begin with.
template <class Options>
Params<Options> reliable_params() {
  return Params<Options>()
      .add("timer", &Options::timer, "fixed: `timeout`; adaptive: as RFC 6298 measures it, `timeout` at first")
      .add("timeout", &Options::timeout, "time without an acknowledgement after which the second attempt is made",
           {.least = Duration(1)})
      .add("least", &Options::least, "the adaptive timer is never shorter", {.least = Duration(1)})
      .add("factor", &Options::factor, "by which each further wait is longer", {.least = Factor::of(1)})
      .add("cap", &Options::cap, "no wait is longer, before jitter", {.least = Duration(1)})
      .add("jitter", &Options::jitter, "what of a wait is drawn at random")
      .add("attempts", &Options::attempts, "after so many without an answer a message is given up", {.least = 1})
      .add("deadline", &Options::deadline, "after that time it is given up as expired; never if not given",
           {.least = Duration(1)})
      .add("budget", &Options::budget,
           "further attempts as a share of messages, 10 besides; a message that would exceed it is given up; "
           "unlimited if not given")
      .add("window", &Options::window, "messages in flight to one receiver at most; further ones wait",
           {.least = 1, .most = 65'536})
      .add("buffer", &Options::buffer, "messages in flight to one receiver or waiting; further ones are given up",
           {.least = 1})
      .add("credit", &Options::credit, "messages in flight that a receiver grants a sender", {.least = 1})
      .add("remember", &Options::remember, "states of ended messages that can be asked for")
      .add("confirm", &Options::confirm, "tell the sender of each delivery, not only of what was given up");
}

class ReliableLayer : public Layer {
 protected:
  enum class Repeats { delivered, suppressed };
  ReliableLayer(std::string_view name, const ReliableOptions& options, const Deployment& deployment, Repeats repeats);

  void on_input(const View& view, const Input& input, Outbox& out) final;
  void on_effect(const View& view, const Effect& wanted, Outbox& out) final;
  void on_timer(const View& view, TimerKey key, Outbox& out) final;

 private:
  enum Timer : std::uint32_t { kRetry, kNotify };

  /// A message that was given to this layer, for one receiver.
  struct Pending {
    RecordPtr body;  ///< nullptr once it has ended
    std::uint64_t token = 0;
    Time submitted;
    Time last_sent;
    std::uint32_t attempts = 0;  ///< 0 while it waits for room in the window
    Backoff::State backoff;
  };
  /// What goes to one receiver.
  struct Outgoing {
    SequenceBuffer<Pending> pending;
    std::uint64_t untried = 1;      ///< the first number that has not been sent
    std::uint64_t floor = 0;        ///< as envelopes carry it
    std::set<std::uint64_t> holes;  ///< given up, at the floor or above
    std::uint32_t granted = 0;      ///< in flight at most
    RoundTrip round_trip;
    std::optional<std::uint64_t> receiver;  ///< its life, as its last ack said
  };
  /// What has come from one sender.
  struct Incoming {
    std::uint64_t epoch = 0;
    DedupWindow window;
    std::vector<std::pair<std::uint64_t, RecordPtr>> evidence;  ///< the last bodies with their numbers, a ring
  };
  /// What the copies of one message differ in: sequence and floor.
  using CopyKey = std::pair<std::uint64_t, std::uint64_t>;
  /// When an attempt has waited long enough.
  struct Due {
    Time at;
    AgentId to;
    std::uint64_t sequence;
    std::uint32_t attempt;
    bool operator>(const Due& other) const {
      return std::tie(at, to, sequence) > std::tie(other.at, other.to, other.sequence);
    }
  };

  void submit(const View& view, const Send& send, Outbox& out);
  Outgoing& outgoing_to(AgentId to);
  bool accept(const View& view, AgentId to, const RecordPtr& body, Outbox& out);
  void note_attempt(const View& view, AgentId to, Outgoing& stream, std::uint64_t sequence);
  std::shared_ptr<const DeliveryEnvelope> envelope(const Outgoing& stream, std::uint64_t sequence) const;
  void attempt(const View& view, AgentId to, Outgoing& stream, std::uint64_t sequence, Outbox& out);
  void release(const View& view, AgentId to, Outgoing& stream, Outbox& out);

  void on_ack(const View& view, AgentId from, const DeliveryAck& ack, Outbox& out);
  bool plausible(const Outgoing& stream, const DeliveryAck& ack) const;
  void delivered(AgentId to, Outgoing& stream, std::uint64_t sequence);
  void give_up(AgentId to, Outgoing& stream, std::uint64_t sequence, TokenState state, std::string_view reason,
               Outbox& out);
  void bury(AgentId to, Pending& pending, TokenState state, std::string_view reason, Outbox& out);
  void end(AgentId to, Pending& pending, TokenState state, bool tell);
  void settle_floor(Outgoing& stream);

  void on_envelope(const View& view, AgentId from, const DeliveryEnvelope& envelope, Outbox& out);
  void on_fresh(const View& view, AgentId from, Incoming& incoming, const DeliveryEnvelope& envelope, Outbox& out);
  void on_repeated(AgentId from, const Incoming& incoming, const DeliveryEnvelope& envelope, Outbox& out);
  void acknowledge(AgentId to, const Incoming& incoming, const DeliveryEnvelope& envelope, bool accepted, Outbox& out);

  void retry(const View& view, const Due& due, Outbox& out);
  void arm(const View& view, Outbox& out);
  bool live(const Due& due);
  void answer(const View& view, const DeliveryQuery& query, Outbox& out);
  void notify(const View& view, Outbox& out);

  const ReliableOptions options_;
  const Repeats repeats_;
  const Stream draws_;
  std::uint64_t epoch_ = 0;
  std::map<AgentId, Outgoing> outgoing_;
  std::map<AgentId, Incoming> incoming_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> dues_;
  Time armed_ = kNever;  ///< when the retry timer fires
  TokenLedger ledger_;
  std::vector<RecordPtr> notices_;  ///< that whoever is inside must be told
  Copies<CopyKey> copies_;          ///< of the message that is being sent
  std::uint64_t accepted_ = 0;
  std::uint64_t repeated_ = 0;  ///< further attempts
  HighWater high_water_;        ///< of one receiver's pending messages
};

}  // namespace conclave

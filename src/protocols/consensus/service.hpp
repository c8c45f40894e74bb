// What a replica of a rotating-leader protocol does for clients, whichever protocol orders: it keeps the requests that
// wait to be ordered, executes those that are, and answers.
//
// A client has one request under way at a time, so one waiting request per client is kept, the latest: memory is
// bounded by the number of clients, whatever they send.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/digest.hpp"
#include "core/protocol.hpp"
#include "core/units.hpp"
#include "protocols/consensus/client_messages.hpp"

namespace conclave {

/// A client and the number of its request.
using RequestName = std::pair<AgentId, std::uint64_t>;

/// The state of a service and what it remembers of its clients: equal after equal histories.
struct ServiceState : RecordOf<ServiceState> {
  static constexpr std::string_view kName = "service_state";
  struct Client {
    AgentId client = kNobody;
    std::uint64_t executed = 0;
    Digest result;
    static void fields(auto& self, auto& field) {
      field("client", self.client);
      field("executed", self.executed);
      field("result", self.result);
    }
  };
  Digest history;
  std::vector<Client> clients;
  static void fields(auto& self, auto& field) {
    field("history", self.history);
    field("clients", self.clients);
  }
  Digest digest() const { return Digest::of(encode().bytes); }
};
using ServiceStatePtr = std::shared_ptr<const ServiceState>;

class Service {
 public:
  /// Every reply holds so many bytes besides what the protocol needs.
  explicit Service(ByteCount reply = {}) : reply_bytes_(static_cast<std::uint32_t>(reply.bytes)) {}

  enum class Admission {
    kept,    ///< it waits to be executed
    known,   ///< it has been executed, or a later one waits or has been
    forged,  ///< its client has not signed it
  };
  /// Takes in a request that has arrived. If it has been executed, it is answered again.
  Admission admit(const View& view, const ClientRequestPtr& request, Outbox& out);
  /// True if the client has signed the request. One that already waits is not checked again.
  bool authentic(const View& view, const ClientRequestPtr& request) const;
  /// Keeps an authentic request until it is executed, if it is news.
  bool keep(const ClientRequestPtr& request);
  /// True if a request waits to be executed.
  bool waiting() const { return !queue_.empty(); }
  /// True if this very request waits.
  bool waits(const ClientRequestPtr& request) const;
  /// The waiting request with this digest, or nullptr.
  ClientRequestPtr find(const Digest& digest) const;
  /// When the request that has waited longest arrived, as a count of arrivals; nothing if none waits.
  std::optional<std::uint64_t> oldest_arrival() const;
  /// The request that has waited longest, or nullptr.
  ClientRequestPtr oldest() const { return queue_.empty() ? nullptr : queue_.begin()->second; }
  /// The next requests to order, in the order of their arrival, at most `most`, without those `under_way`.
  std::vector<ClientRequestPtr> batch(std::size_t most, const std::set<RequestName>& under_way) const;
  /// As batch(), from the arrival `cursor` on, which moves behind what was taken.
  std::vector<ClientRequestPtr> take(std::size_t most, const std::set<RequestName>& under_way,
                                     std::uint64_t& cursor) const;
  /// How many requests wait that arrived at `cursor` or later; counts to `most`.
  std::size_t waiting_since(std::uint64_t cursor, std::size_t most) const;
  /// Answers a read-only request from the state as it is.
  void answer(const View& view, std::uint64_t view_number, const ClientQuery& query, Outbox& out) const;
  /// Executes what a slot decided: each request of a client once, in the order of their numbers. Answers the clients.
  /// `view_number` tells them where the protocol is.
  void execute(const View& view, std::uint64_t view_number, std::uint64_t sequence, const Digest& digest,
               const std::vector<ClientRequestPtr>& requests, Outbox& out);

  /// All that the execution of further requests depends on.
  ServiceState state() const;
  /// Becomes what another replica was when it took that state.
  void restore(const ServiceState& state);

 private:
  struct Client {
    std::uint64_t executed = 0;
    Digest result;                             ///< of its last executed request
    std::shared_ptr<const ClientReply> reply;  ///< that tells it so; signed when it is first needed
    std::optional<std::uint64_t> arrival;      ///< of its waiting request, a key of queue_
  };
  void answer_again(const View& view, AgentId name, Client& client, Outbox& out) const;
  void reply(AgentId to, const std::shared_ptr<const ClientReply>& reply, Outbox& out) const;
  bool news(const Client& client, const ClientRequest& request) const;
  void forget_waiting(Client& client);

  std::uint32_t reply_bytes_;
  std::map<AgentId, Client> clients_;
  std::map<std::uint64_t, ClientRequestPtr> queue_;  ///< waiting requests by arrival
  std::map<Digest, std::uint64_t> arrival_of_;       ///< of waiting requests
  std::uint64_t arrivals_ = 0;
  Digest history_;  ///< the state is the history of what was executed: equal results mean equal histories
};

}  // namespace conclave

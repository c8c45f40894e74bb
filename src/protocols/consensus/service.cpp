#include "protocols/consensus/service.hpp"

#include <string>

#include "core/consensus_events.hpp"

namespace conclave {

namespace {

void append(std::string& content, const Digest& digest) {
  content.append(reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size());
}

}  // namespace

Service::Admission Service::admit(const View& view, const ClientRequestPtr& request, Outbox& out) {
  if (!request) return Admission::forged;
  if (waits(request)) return Admission::kept;
  if (const auto known = clients_.find(request->client); known != clients_.end()) {
    if (request->number == known->second.executed) answer_again(view, request->client, known->second, out);
    if (!news(known->second, *request)) return Admission::known;
  }
  if (!authentic(view, request)) return Admission::forged;
  keep(request);
  return Admission::kept;
}

bool Service::authentic(const View& view, const ClientRequestPtr& request) const {
  if (!request || view.peers.contains(request->client)) return false;
  return waits(request) || view.crypto.verify(*request, request->client);
}

bool Service::keep(const ClientRequestPtr& request) {
  Client& client = clients_[request->client];
  if (!news(client, *request)) return false;
  forget_waiting(client);
  client.arrival = arrivals_++;
  queue_.emplace(*client.arrival, request);
  arrival_of_.insert_or_assign(request->digest(), *client.arrival);
  return true;
}

ClientRequestPtr Service::find(const Digest& digest) const {
  const auto arrival = arrival_of_.find(digest);
  return arrival == arrival_of_.end() ? nullptr : queue_.at(arrival->second);
}

void Service::reply(AgentId to, const std::shared_ptr<const ClientReply>& reply, Outbox& out) const {
  if (reply_bytes_ == 0) return out.send(to, reply);
  out.send(to, share(ClientAnswer{.reply = reply, .content = {reply_bytes_}}));
}

void Service::answer_again(const View& view, AgentId name, Client& client, Outbox& out) const {
  if (!client.reply)  // the state came from another replica, whose signature the client does not want
    client.reply = view.crypto.sign(ClientReply{.number = client.executed, .client = name, .result = client.result});
  reply(name, client.reply, out);
}

bool Service::waits(const ClientRequestPtr& request) const {
  const auto known = clients_.find(request->client);
  return known != clients_.end() && known->second.arrival && queue_.at(*known->second.arrival) == request;
}

std::optional<std::uint64_t> Service::oldest_arrival() const {
  return queue_.empty() ? std::nullopt : std::optional(queue_.begin()->first);
}

bool Service::news(const Client& client, const ClientRequest& request) const {
  if (request.number <= client.executed) return false;
  return !client.arrival || queue_.at(*client.arrival)->number < request.number;
}

std::vector<ClientRequestPtr> Service::batch(std::size_t most, const std::set<RequestName>& under_way) const {
  std::uint64_t from_the_first = 0;
  return take(most, under_way, from_the_first);
}

std::vector<ClientRequestPtr> Service::take(std::size_t most, const std::set<RequestName>& under_way,
                                            std::uint64_t& cursor) const {
  std::vector<ClientRequestPtr> chosen;
  for (auto next = queue_.lower_bound(cursor); next != queue_.end() && chosen.size() < most; ++next) {
    const ClientRequestPtr& request = next->second;
    if (!under_way.contains({request->client, request->number})) chosen.push_back(request);
    cursor = next->first + 1;
  }
  return chosen;
}

std::size_t Service::waiting_since(std::uint64_t cursor, std::size_t most) const {
  std::size_t count = 0;
  for (auto next = queue_.lower_bound(cursor); next != queue_.end() && count < most; ++next) count++;
  return count;
}

void Service::answer(const View& view, std::uint64_t view_number, const ClientQuery& query, Outbox& out) const {
  reply(query.client,
        view.crypto.sign(
            ClientReply{.view = view_number, .number = query.number, .client = query.client, .result = history_}),
        out);
}

void Service::execute(const View& view, std::uint64_t view_number, std::uint64_t sequence, const Digest& digest,
                      const std::vector<ClientRequestPtr>& requests, Outbox& out) {
  for (const ClientRequestPtr& request : requests) {
    Client& client = clients_[request->client];
    if (request->number <= client.executed) continue;  // ordered twice, executed once
    const Digest request_digest = request->digest();
    std::string history;
    append(history, history_);
    append(history, request_digest);
    history_ = Digest::of(history);
    client.executed = request->number;
    client.result = history_;
    client.reply = view.crypto.sign(
        ClientReply{.view = view_number, .number = request->number, .client = request->client, .result = history_});
    if (client.arrival && queue_.at(*client.arrival)->number <= request->number) forget_waiting(client);
    out.emit(Executed{.sequence = sequence,
                      .client = request->client,
                      .request = request->number,
                      .digest = digest,
                      .request_digest = request_digest,
                      .result = history_});
    reply(request->client, client.reply, out);
  }
}

ServiceState Service::state() const {
  ServiceState state;
  state.history = history_;
  for (const auto& [name, client] : clients_)
    if (client.executed > 0) state.clients.push_back({name, client.executed, client.result});
  return state;
}

void Service::restore(const ServiceState& state) {
  history_ = state.history;
  for (const ServiceState::Client& remembered : state.clients) {
    Client& client = clients_[remembered.client];
    client.executed = remembered.executed;
    client.result = remembered.result;
    client.reply.reset();
    if (client.arrival && queue_.at(*client.arrival)->number <= client.executed) forget_waiting(client);
  }
}

void Service::forget_waiting(Client& client) {
  if (!client.arrival) return;
  arrival_of_.erase(queue_.at(*client.arrival)->digest());
  queue_.erase(*client.arrival);
  client.arrival.reset();
}

}  // namespace conclave

#include "core/behaviour.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "core/fault_events.hpp"

namespace conclave {

bool MessageKinds::contains(const RecordType* type) const {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

std::optional<MessageKinds> ParamType<MessageKinds>::read(const Value& value, Diagnostics& diagnostics) {
  if (!value.is_list() || value.items.empty())
    return params_detail::wrong_type(value, "a list of kinds of messages, such as `[prepare, commit]`", diagnostics),
           std::nullopt;
  MessageKinds kinds;
  for (const Value& item : value.items) {
    const RecordType* type = item.is_scalar() ? find_record_type(item.text) : nullptr;
    type ? kinds.types.push_back(type)
         : diagnostics.error(item.at, fmt::format("unknown kind of message {}", item.describe()),
                             suggestion(item.text, record_type_names()));
  }
  return kinds;
}

Value ParamType<MessageKinds>::write(const MessageKinds& kinds) {
  if (kinds.types.empty()) return {};
  Value list = Value::list();
  for (const RecordType* type : kinds.types) list.items.push_back(Value::scalar(std::string(type->name)));
  return list;
}

Behaviour::Behaviour(std::string_view name, const Deployment& deployment, TimeWindow window)
    : name_(name),
      window_(window),
      stream_(Stream(deployment.seed, name).child(index(deployment.self)).child(deployment.instance)) {}

Behaviour::Behaviour(std::string_view name, const Deployment& deployment, const MessageOptions& options)
    : name_(name),
      window_(options.window()),
      kinds_(options.kinds),
      probability_(options.probability),
      stream_(Stream(deployment.seed, name).child(index(deployment.self)).child(deployment.instance)) {}

Random& Behaviour::draws() {
  // An agent may behave so more than once, each time in a window of its own: depth keeps them apart.
  if (!draws_) draws_.emplace(stream_.child(depth()));
  return *draws_;
}

bool Behaviour::strikes(const View& view, const Record& message) {
  if (!acts(view) || !kinds_.contains(message.type)) return false;
  return by_chance();
}

bool Behaviour::strikes_other(const View& view) {
  return acts(view) && kinds_.types.empty() && by_chance();
}

AgentId Behaviour::draw_other(const View& view, bool of_whole_run) {
  const AgentRange everyone{agent(0), view.roster.size()};
  const AgentRange among = view.peers.count > 1 && !of_whole_run ? view.peers : everyone;
  if (among.count < 2) return view.self;
  const std::uint64_t rank = draws().below(among.count - 1);
  return among[rank < among.rank(view.self) ? rank : rank + 1];
}

void Behaviour::inject(Outbox& out, std::string_view what, std::string_view message, AgentId peer,
                       std::uint64_t count) const {
  FaultInjected event;
  event.behaviour = name_;
  event.what = what;
  event.message = message;
  event.peer = peer;
  event.count = count;
  out.emit(std::move(event));
}

std::optional<Outgoing> Behaviour::outgoing(const View& view, const Effect& effect) {
  if (const auto* send = std::get_if<Send>(&effect)) {
    const AgentId peer = send->to.is_one() ? send->to.only() : kNobody;
    return Outgoing{send->body, peer, send->to.count(view.self)};
  }
  if (const auto* transfer = std::get_if<Transfer>(&effect)) return Outgoing{transfer->body, transfer->to, 1};
  return std::nullopt;
}

Effect Behaviour::with_body(const Effect& effect, RecordPtr body) {
  Effect changed = effect;
  std::visit(Overload{[&](Send& send) { send.body = std::move(body); },
                      [&](Transfer& transfer) { transfer.body = std::move(body); }, [](auto&) {}},
             changed);
  return changed;
}

}  // namespace conclave

// Liars who choose whom to tell: a behaviour says for each message who must not have it.
#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>
#include <vector>

#include "behaviours/consensus/roles.hpp"
#include "core/behaviour.hpp"

namespace conclave {

class Selective : public Behaviour {
 protected:
  using Behaviour::Behaviour;

  /// Whether the receiver must not have this message.
  virtual bool withholds(const View& view, const Record& message, AgentId receiver) = 0;

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !acts(view)) return out.put(wanted);
    std::vector<AgentId> told;
    each_receiver(view, wanted, [&](AgentId to) {
      if (!withholds(view, *message->body, to)) told.push_back(to);
    });
    const auto left_out = message->count - static_cast<std::uint32_t>(told.size());
    if (left_out == 0) return out.put(wanted);
    inject(out, "withheld", message->body->type->name, message->peer, left_out);
    if (!told.empty()) out.multicast(std::move(told), message->body);
  }
};

/// Agents by the names that people call them by, in the order written. Reports those that do not exist.
inline std::vector<AgentId> named_agents(const std::vector<std::string>& names, const Roster& roster,
                                         Diagnostics* diagnostics = nullptr, const Value* written = nullptr) {
  std::vector<AgentId> found;
  for (std::size_t i = 0; i < names.size(); i++) {
    if (const std::optional<AgentId> id = roster.agent_called(names[i])) {
      found.push_back(*id);
    } else if (diagnostics) {
      const bool listed = written && i < written->items.size();
      diagnostics->error(listed    ? written->items[i].at
                         : written ? written->at
                                   : Location{},
                         fmt::format("there is no agent `{}`", names[i]), "expected one agent, such as `replica[2]`");
    }
  }
  return found;
}

}  // namespace conclave

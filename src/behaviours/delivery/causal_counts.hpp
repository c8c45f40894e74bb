// Changing what a message of the layer `causal` says about who has sent how many messages to whom.
#pragma once

#include <string_view>

#include "core/field_editor.hpp"

namespace conclave {

/// Adds to the counts of messages to some agent, or to all but it.
struct CausalCountsEditor : FieldEditor {
  AgentId about = kNobody;     ///< messages to this agent
  AgentId not_from = kNobody;  ///< but not from this one
  bool others = false;         ///< messages to all but `about` instead
  std::uint64_t by = 0;
  std::uint64_t changes = 0;

  void agent(std::string_view name, AgentId& value) override {
    if (name == "to") to_ = value;
    if (name == "from") from_ = value;
  }
  void number(std::string_view name, std::uint64_t& value) override {
    if (name != "count" || (to_ == about) == others || from_ == not_from) return;
    value += by;
    changes++;
  }
  bool enters(const Record& inside) override { return inside.type->name == "causal_envelope"; }

 private:
  AgentId to_ = kNobody;
  AgentId from_ = kNobody;
};

}  // namespace conclave

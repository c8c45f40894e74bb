// The data context of a consensus: which requests its replicas are willing to order at all. Protocols ask it before
// they propose a request and before they vote for a proposal; a scenario picks one by name:
//
//   pbft: { context: any }
//   pbft: { context: { payload_max: { bytes: 1KiB } } }
//
// All honest replicas of a group have the same context and a context is a pure function, so a proposal that one of them
// refuses is refused by all, and its proposer has broken the rules.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/catalog.hpp"

namespace conclave {

/// What a context may know of a request: what every replica knows alike.
struct RequestFacts {
  AgentId client;
  std::uint64_t number;
  std::uint32_t operation_bytes;
};

class DataContext {
 public:
  virtual ~DataContext() = default;
  /// Why the request must not be ordered, in a few words; empty if it may be.
  virtual std::string refusal(const RequestFacts& request) const = 0;
};

struct DataContextKind {
  static constexpr std::string_view kName = "context";
  using Product = DataContext;
  using Context = Deployment;
};
using DataContextCatalog = Catalog<DataContextKind>;

/// A context as a parameter of a protocol; unless it is written, `any`.
struct DataContextChoice {
  DataContextCatalog::Chosen chosen{.name = "any", .options = {}, .make = nullptr, .check = nullptr};

  /// Null when anything may be ordered.
  std::shared_ptr<const DataContext> make(const Deployment& deployment) const {
    return chosen.make ? std::shared_ptr<const DataContext>(chosen.make(deployment)) : nullptr;
  }
  /// To be called from the check() of the protocol.
  void check(const Deployment& deployment, Diagnostics& diagnostics) const {
    if (chosen.check) chosen.check(deployment, diagnostics);
  }
};

template <>
struct ParamType<DataContextChoice> {
  static std::string name() { return "data context"; }
  static std::string schema() {
    return R"({"anyOf":[{"type":"string"},{"type":"object","minProperties":1,"maxProperties":1}]})";
  }
  static std::optional<DataContextChoice> read(const Value& value, Diagnostics& diagnostics) {
    const bool with_options = value.is_map() && value.entries.size() == 1;
    if (!value.is_scalar() && !with_options) {
      params_detail::wrong_type(value, "a data context such as `any` or `payload_max: { bytes: 1KiB }`", diagnostics);
      return std::nullopt;
    }
    const std::string& wanted = with_options ? value.entries[0].key : value.text;
    const Location at = with_options ? value.entries[0].at : value.at;
    if (!DataContextCatalog::has(wanted)) {
      diagnostics.error(at, fmt::format("unknown data context `{}`", wanted),
                        suggestion(wanted, DataContextCatalog::names()));
      return std::nullopt;
    }
    const Value options = with_options ? value.entries[0].value : Value::map(at);
    return DataContextChoice{DataContextCatalog::configure(wanted, options, diagnostics)};
  }
  static Value write(const DataContextChoice& choice) {
    if (choice.chosen.options.entries.empty()) return Value::scalar(choice.chosen.name);
    Value written = Value::map();
    written.set(choice.chosen.name, choice.chosen.options);
    return written;
  }
};

}  // namespace conclave

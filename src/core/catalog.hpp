// Catalogs: the components that a scenario can pick by name. A component registers itself with one line at the end of
// its file, so adding one is adding a file. Catalogs are filled before main and read-only afterwards.
//
//   const bool registered = ProtocolCatalog::add<Pbft>({.name = "pbft", .family = "consensus", .summary = "…"});
//
// The component class has a constructor (const Options&, const Context&), may have a nested `Options` with `params()`,
// and may have `static void check(const Options&, const Context&, const Value& written, Diagnostics&)` for what one
// parameter alone cannot tell (an f that n cannot bear).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/checker.hpp"
#include "core/layer.hpp"
#include "core/link_rule.hpp"
#include "core/outcome.hpp"
#include "core/params.hpp"
#include "core/protocol.hpp"
#include "core/roster.hpp"
#include "core/time_window.hpp"

namespace conclave {

/// What explain and list know of a component.
struct ComponentInfo {
  std::string_view name;
  std::string_view family;   ///< consensus, auction, hierarchy, delivery, or any
  std::string_view summary;  ///< one line
  bool uses_host = false;    ///< a protocol that computes or transfers: SimGrid must be asked at its instant
  /// A behaviour while which nothing of the agent can be seen: others of the same agent have no effect.
  bool silences = false;
  std::string_view about{};    ///< a few sentences: what it does, and what it is for
  std::string_view example{};  ///< a line of a scenario that uses it
  /// A consensus protocol whose replicas never lie: its clients believe one answer.
  bool crash_faults_only = false;
  std::string_view kind{};  ///< filled in by the catalog: protocol, behaviour, checker…
  const ParamTable* params = nullptr;
};

/// Every component of every catalog, by kind and name.
const std::vector<ComponentInfo>& all_components();
void note_component(const ComponentInfo& info);

template <class T>
struct OptionsOf {
  using type = NoOptions;
};
template <class T>
requires requires {
  typename T::Options;
}
struct OptionsOf<T> {
  using type = typename T::Options;
};

/// A component chosen and configured by a scenario, ready to be made any number of times.
template <class Product, class Context>
struct Configured {
  std::string name;
  Value options;      ///< resolved, defaults included
  TimeWindow window;  ///< when it acts: that of its Options if they have window(), or always
  bool silences = false;
  std::function<std::unique_ptr<Product>(const Context&)> make;
  /// Reports what cannot work in this context.
  std::function<void(const Context&, Diagnostics&)> check;
};

template <class Kind>
class Catalog {
 public:
  using Product = typename Kind::Product;
  using Context = typename Kind::Context;
  using Chosen = Configured<Product, Context>;

  template <class T>
  static bool add(ComponentInfo info) {
    using Options = typename OptionsOf<T>::type;
    info.kind = Kind::kName;
    info.params = &Options::params();
    note_component(info);
    entries().emplace(std::string(info.name), [name = std::string(info.name), silences = info.silences](
                                                  const Value& written, Diagnostics& diagnostics) {
      auto options = std::make_shared<Options>();
      Options::params().read(written, options.get(), diagnostics);
      Chosen chosen;
      chosen.name = name;
      chosen.options = Options::params().write(options.get());
      if constexpr (requires { options->window(); }) chosen.window = options->window();
      chosen.silences = silences;
      chosen.make = [options](const Context& context) -> std::unique_ptr<Product> {
        if constexpr (std::constructible_from<T, const Options&, const Context&>) {
          return std::make_unique<T>(*options, context);
        } else {
          return std::make_unique<T>();
        }
      };
      chosen.check = [options, written](const Context& context, Diagnostics& found) {
        if constexpr (requires { T::check(*options, context, written, found); })
          T::check(*options, context, written, found);
      };
      return chosen;
    });
    return true;
  }

  static bool has(std::string_view name) { return entries().contains(std::string(name)); }
  /// Requires has(name). `written` is the map of options; its location is where errors without a key of their own
  /// point.
  static Chosen configure(std::string_view name, const Value& written, Diagnostics& diagnostics) {
    return entries().at(std::string(name))(written, diagnostics);
  }
  static std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& [name, entry] : entries()) all.push_back(name);
    return all;
  }

 private:
  using Entry = std::function<Chosen(const Value&, Diagnostics&)>;
  static std::map<std::string, Entry>& entries() {
    static std::map<std::string, Entry> all;
    return all;
  }
};

/// Where an agent finds itself: for protocols and layers.
struct Deployment {
  const Roster& roster;
  const Group& group;
  AgentId self;
  std::uint64_t seed = 0;      ///< of the run: what a layer draws from streams of its own
  std::uint64_t instance = 0;  ///< tells twins and those who come after a crash from the first of their name
};

struct ProtocolKind {
  static constexpr std::string_view kName = "protocol";
  using Product = Protocol;
  using Context = Deployment;
};
/// Delivery guarantees and other honest layers: named in `stack`.
struct LayerKind {
  static constexpr std::string_view kName = "layer";
  using Product = Layer;
  using Context = Deployment;
};
/// Byzantine and crash behaviours: named in `faults`.
struct BehaviourKind {
  static constexpr std::string_view kName = "behaviour";
  using Product = Layer;
  using Context = Deployment;
};
/// What links do to messages: named in `faults`.
struct LinkKind {
  static constexpr std::string_view kName = "link";
  using Product = LinkRule;
  using Context = LinkContext;
};
struct CheckerKind {
  static constexpr std::string_view kName = "checker";
  using Product = Checker;
  using Context = RunFacts;
};
struct OutcomeKind {
  static constexpr std::string_view kName = "outcome";
  using Product = Outcome;
  using Context = RunFacts;
};

using ProtocolCatalog = Catalog<ProtocolKind>;
using LayerCatalog = Catalog<LayerKind>;
using BehaviourCatalog = Catalog<BehaviourKind>;
using LinkCatalog = Catalog<LinkKind>;
using CheckerCatalog = Catalog<CheckerKind>;
using OutcomeCatalog = Catalog<OutcomeKind>;

}  // namespace conclave

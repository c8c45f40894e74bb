// Admission by name: only the agents of some groups may have anything ordered.

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "core/data_context.hpp"

namespace conclave {
namespace {

class OnlyClients final : public DataContext {
 public:
  struct Options {
    std::vector<std::string> groups;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>().require("groups", &Options::groups, "names of the groups whose requests are ordered");
      return table;
    }
  };

  OnlyClients(const Options& options, const Deployment& deployment) {
    for (const std::string& name : options.groups) allowed_.push_back(deployment.roster.find(name)->agents);
  }

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    std::vector<std::string> known;
    for (const Group& group : deployment.roster.groups()) known.push_back(group.name);
    for (const std::string& name : options.groups)
      if (!deployment.roster.find(name))
        diagnostics.error(written.at, fmt::format("there is no group `{}` of clients", name), suggestion(name, known));
  }

  std::string refusal(const RequestFacts& request) const override {
    const bool allowed = std::any_of(allowed_.begin(), allowed_.end(),
                                     [&](const AgentRange& group) { return group.contains(request.client); });
    return allowed ? "" : "a client that may not ask";
  }

 private:
  std::vector<AgentRange> allowed_;
};

const bool registered = DataContextCatalog::add<OnlyClients>(
    {.name = "only_clients", .family = "consensus", .summary = "only agents of the named groups may ask"});

}  // namespace
}  // namespace conclave

// Bandwidth: the access links of some agents carry no more than `limit`, in each direction. A message that begins to
// leave while the limit holds is serialised at that rate to its end; one that has arrived passes the receiver's link at
// that rate, after those before it.

#include "core/catalog.hpp"

namespace conclave {
namespace {

/// As the engine's: a slower link's bytes would take longer than simulations last.
constexpr Bandwidth kLeast{1000};

class BandwidthCut final : public EachCopy<BandwidthCut> {
 public:
  struct Options {
    Bandwidth limit{};
    static const ParamTable& params() {
      static const auto table =
          Params<Options>().require("limit", &Options::limit, "of each link, in each direction", {.least = kLeast});
      return table;
    }
  };
  BandwidthCut(const Options& options, const LinkContext&) : limit_(options.limit) {}

  std::optional<Bandwidth> bandwidth() const override { return limit_; }
  void befall(const Envelope&, const Stream&, Fate&) const {}

 private:
  const Bandwidth limit_;
};

const bool registered = LinkCatalog::add<BandwidthCut>(
    {.name = "bandwidth", .family = "any", .summary = "access links of agents carry less than they should"});

}  // namespace
}  // namespace conclave

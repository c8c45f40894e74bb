// Slow: every copy takes so much longer.

#include "core/catalog.hpp"

namespace conclave {
namespace {

class Slow final : public EachCopy<Slow> {
 public:
  struct Options {
    Duration by{};
    static const ParamTable& params() {
      static const auto table =
          Params<Options>().require("by", &Options::by, "added to the latency", {.least = Duration(1)});
      return table;
    }
  };
  Slow(const Options& options, const LinkContext&) : by_(options.by) {}

  Duration longest_delay() const override { return by_; }
  void befall(const Envelope&, const Stream&, Fate& fate) const { fate.delay += by_; }

 private:
  const Duration by_;
};

const bool registered =
    LinkCatalog::add<Slow>({.name = "slow", .family = "any", .summary = "messages take longer, all by the same time"});

}  // namespace
}  // namespace conclave

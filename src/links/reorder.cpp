// Reorder: a copy is held back for a time drawn uniformly from 0 to `spread`, so that later ones overtake it. Two
// copies sent at the same instant change places with probability 1/2.

#include "core/catalog.hpp"
#include "core/distribution.hpp"

namespace conclave {
namespace {

class Reorder final : public EachCopy<Reorder> {
 public:
  struct Options {
    Duration spread{};
    static const ParamTable& params() {
      static const auto table = Params<Options>().require("spread", &Options::spread, "held back for at most so long",
                                                          {.least = Duration(1)});
      return table;
    }
  };
  Reorder(const Options& options, const LinkContext&) : spread_(options.spread) {}

  Duration longest_delay() const override { return spread_; }
  void befall(const Envelope&, const Stream& draws, Fate& fate) const {
    fate.delay +=
        Duration(static_cast<std::int64_t>(draw_below(draws.at(1), static_cast<std::uint64_t>(spread_.count()))));
  }

 private:
  const Duration spread_;
};

const bool registered = LinkCatalog::add<Reorder>(
    {.name = "reorder", .family = "any", .summary = "some messages are held back, and others overtake them"});

}  // namespace
}  // namespace conclave

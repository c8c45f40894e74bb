// Duplicate: a copy arrives more than once. The further ones follow one after the other, a time apart that is drawn
// uniformly from 0 to `within`. A message that is lost is not duplicated.

#include <algorithm>

#include "core/catalog.hpp"
#include "core/distribution.hpp"

namespace conclave {
namespace {

class Duplicate final : public EachCopy<Duplicate> {
 public:
  struct Options {
    std::uint32_t copies = 1;
    Duration within = std::chrono::milliseconds(1);
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("copies", &Options::copies, "further copies of one message", {.least = 1, .most = kCopiesMax})
              .add("within", &Options::within, "from one copy to the next it takes at most so long");
      return table;
    }
  };
  Duplicate(const Options& options, const LinkContext&) : copies_(options.copies), within_(options.within) {}

  bool doubles() const override { return true; }
  void befall(const Envelope&, const Stream& draws, Fate& fate) const {
    fate.copies = std::min(fate.copies + copies_, kCopiesMax);
    const auto gap = draw_below(draws.at(1), static_cast<std::uint64_t>(within_.count()));
    fate.gap = std::max(fate.gap, Duration(static_cast<std::int64_t>(gap)));
  }

 private:
  const std::uint32_t copies_;
  const Duration within_;
};

const bool registered =
    LinkCatalog::add<Duplicate>({.name = "duplicate", .family = "any", .summary = "messages arrive more than once"});

}  // namespace
}  // namespace conclave

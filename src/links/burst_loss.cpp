// Burst loss: the channel of Gilbert (1960) and Elliott (1963), in continuous time. Each directed link is good or bad
// by turns, for exponential times of mean `good` and `bad`, and loses copies with one probability or the other.
//
// The state at an instant must be had without walking there from the start. The chain that leaves good at rate 1/good
// and bad at rate 1/bad is the same process as this one: at the points of a Poisson process of rate 1/good + 1/bad,
// the state is drawn afresh, bad with probability bad / (good + bad), whatever it was. So the state at t is the draw of
// the last point before t; and points of a Poisson process can be drawn cell by cell of time, each cell for itself.

#include <array>

#include "core/catalog.hpp"
#include "core/distribution.hpp"

namespace conclave {
namespace {

/// P(at most k points in a cell) in parts per 2^32, for a mean of one point per cell.
constexpr std::array<std::uint64_t, 12> kAtMost = {1580030169, 3160060337, 3950075422, 4213413783,
                                                   4279248374, 4292415292, 4294609778, 4294923276,
                                                   4294962463, 4294966817, 4294967253, 4294967292};

class BurstLoss final : public EachCopy<BurstLoss> {
 public:
  struct Options {
    Duration good = std::chrono::milliseconds(990);
    Duration bad = std::chrono::milliseconds(10);
    Probability loss_when_good{};
    Probability loss_when_bad = Probability::of(1);
    static const ParamTable& params() {
      static constexpr Limits<Duration> kSomeTime{.least = std::chrono::microseconds(1),
                                                  .most = std::chrono::hours(24)};
      static const auto table =
          Params<Options>()
              .add("good", &Options::good, "mean time for which a link is good", kSomeTime)
              .add("bad", &Options::bad, "mean time for which it is bad", kSomeTime)
              .add("loss_when_good", &Options::loss_when_good, "share of copies lost on a good link")
              .add("loss_when_bad", &Options::loss_when_bad, "share of copies lost on a bad link");
      return table;
    }
  };

  BurstLoss(const Options& options, const LinkContext& context)
      : links_(context.draws.child(kStates)),
        cell_(cell_of(options)),
        bad_share_(Probability::of(static_cast<double>(options.bad.count()) /
                                   static_cast<double>((options.good + options.bad).count()))),
        loss_when_good_(options.loss_when_good),
        loss_when_bad_(options.loss_when_bad) {}

  bool loses() const override { return true; }
  void befall(const Envelope& envelope, const Stream& draws, Fate& fate) const {
    const Probability& loss = bad_at(envelope) ? loss_when_bad_ : loss_when_good_;
    if (loss.hits(draws.at(1))) fate.lost = DropReason::loss;
  }

 private:
  static constexpr std::uint64_t kStates = ~std::uint64_t{0};  ///< no receiver's number

  /// As long as it takes, on average, from one point to the next.
  static std::int64_t cell_of(const Options& options) {
    const auto good = static_cast<double>(options.good.count()), bad = static_cast<double>(options.bad.count());
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(good * bad / (good + bad) + 0.5));
  }

  bool bad_at(const Envelope& envelope) const {
    const Stream link = links_.child(index(envelope.from)).child(index(envelope.to));
    const std::int64_t at = nanoseconds(envelope.departs);
    for (std::int64_t cell = at / cell_; cell >= 0; cell--) {
      const Stream points = link.child(static_cast<std::uint64_t>(cell));
      if (const auto state = last_point(points, at - cell * cell_)) return bad_share_.hits(*state);
    }
    return bad_share_.hits(link.at(0));  // as the run found it
  }

  /// The draw of the cell's last point at or before `offset`, if there is one.
  std::optional<std::uint64_t> last_point(const Stream& points, std::int64_t offset) const {
    const std::uint64_t word = points.at(0) >> 32;
    std::uint64_t count = 0;
    while (count < kAtMost.size() && word >= kAtMost[count]) count++;
    std::optional<std::uint64_t> state;
    std::int64_t latest = -1;
    for (std::uint64_t i = 0; i < count; i++) {
      const auto place =
          static_cast<std::int64_t>(draw_below(points.at(1 + 2 * i), static_cast<std::uint64_t>(cell_ - 1)));
      if (place > offset || place < latest) continue;
      latest = place;
      state = points.at(2 + 2 * i);
    }
    return state;
  }

  const Stream links_;
  const std::int64_t cell_;
  const Probability bad_share_;
  const Probability loss_when_good_;
  const Probability loss_when_bad_;
};

const bool registered = LinkCatalog::add<BurstLoss>(
    {.name = "burst_loss", .family = "any", .summary = "links lose messages in bursts (the Gilbert-Elliott channel)"});

}  // namespace
}  // namespace conclave

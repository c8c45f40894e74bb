// Jitter: each copy takes longer by a time drawn for it alone, so copies can overtake each other.
//
//   uniform      from 0 to twice the mean
//   normal       around the mean with a deviation; what would be negative is 0
//   exponential  memoryless
//   pareto       heavy-tailed: P(X > x) falls like x^-alpha
//
// `cap` bounds every draw: a longer one is cut to it. It keeps the run's memory bounded, and it is far out in the tail
// unless the scenario moves it.

#include <fmt/core.h>

#include <algorithm>

#include "core/catalog.hpp"
#include "core/distribution.hpp"

namespace conclave {

enum class JitterShape { uniform, normal, exponential, pareto };

template <>
struct Choices<JitterShape> {
  static constexpr std::pair<JitterShape, std::string_view> kNames[] = {{JitterShape::uniform, "uniform"},
                                                                        {JitterShape::normal, "normal"},
                                                                        {JitterShape::exponential, "exponential"},
                                                                        {JitterShape::pareto, "pareto"}};
};

namespace {

/// Of `cap`, if it is not given.
constexpr std::int64_t kCapInMeans = 20;

class Jitter final : public EachCopy<Jitter> {
 public:
  struct Options {
    JitterShape distribution = JitterShape::uniform;
    Duration mean{};
    std::optional<Duration> deviation;
    std::optional<Factor> alpha;
    std::optional<Duration> cap;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("distribution", &Options::distribution, "of the time that is added to the latency")
              .require("mean", &Options::mean, "of that time, before `cap`", {.least = Duration(1)})
              .add("deviation", &Options::deviation,
                   "with `normal`, its standard deviation; a quarter of the mean if "
                   "not given")
              .add("alpha", &Options::alpha, "with `pareto`, its tail index, more than 1; 2.5 if not given")
              .add("cap", &Options::cap, "no draw is longer; 20 means if not given", {.least = Duration(1)});
      return table;
    }
  };

  Jitter(const Options& options, const LinkContext&)
      : shape_(options.distribution),
        mean_(static_cast<double>(options.mean.count())),
        deviation_(options.deviation ? static_cast<double>(options.deviation->count()) : mean_ / 4),
        alpha_(options.alpha.value_or(Factor::of(2.5)).value()),
        cap_(options.cap.value_or(std::min(options.mean, kLongestDuration / kCapInMeans) * kCapInMeans)) {}

  static void check(const Options& options, const LinkContext&, const Value& written, Diagnostics& diagnostics) {
    const auto refuse = [&](std::string_view key, std::string_view shape) {
      diagnostics.error(written.find(key)->at, fmt::format("`{}` has no effect here", key),
                        fmt::format("it belongs to `distribution: {}`", shape));
    };
    if (options.deviation && options.distribution != JitterShape::normal) refuse("deviation", "normal");
    if (options.alpha && options.distribution != JitterShape::pareto) refuse("alpha", "pareto");
    if (options.alpha && options.alpha->millionths <= Factor::kOne)
      diagnostics.error(written.find("alpha")->at, fmt::format("a tail of index {} has no mean", text(*options.alpha)),
                        "expected more than 1");
  }

  Duration longest_delay() const override {
    return shape_ == JitterShape::uniform ? std::min(cap_, whole(2 * mean_)) : cap_;
  }
  Duration usual_delay() const override {
    constexpr double kFew = 1e-3;
    switch (shape_) {
      case JitterShape::uniform: return longest_delay();
      case JitterShape::normal: return std::min(cap_, whole(mean_ + 4 * deviation_));
      case JitterShape::exponential: return std::min(cap_, whole(-natural_log(kFew) * mean_));
      case JitterShape::pareto: return std::min(cap_, whole(least() * exponential_of(-natural_log(kFew) / alpha_)));
    }
    return cap_;
  }

  void befall(const Envelope&, const Stream& draws, Fate& fate) const { fate.delay += std::min(cap_, drawn(draws)); }

 private:
  /// Of a Pareto distribution with this mean.
  double least() const { return mean_ * (alpha_ - 1) / alpha_; }

  static Duration whole(double ns) {
    const auto most = static_cast<double>(kLongestDuration.count());
    return ns <= 0 ? Duration{} : Duration(static_cast<std::int64_t>(std::min(ns, most) + 0.5));
  }

  Duration drawn(const Stream& draws) const {
    switch (shape_) {
      case JitterShape::uniform:
        return Duration(static_cast<std::int64_t>(draw_below(draws.at(1), static_cast<std::uint64_t>(2 * mean_))));
      case JitterShape::normal: return whole(mean_ + deviation_ * draw_normal(draws));
      case JitterShape::exponential: return whole(mean_ * draw_exponential(draws.at(1)));
      case JitterShape::pareto: return whole(least() * draw_pareto(draws.at(1), alpha_));
    }
    return {};
  }

  const JitterShape shape_;
  const double mean_;
  const double deviation_;
  const double alpha_;
  const Duration cap_;
};

const bool registered = LinkCatalog::add<Jitter>(
    {.name = "jitter", .family = "any", .summary = "messages take longer, each by a time of its own"});

}  // namespace
}  // namespace conclave

#include "protocols/auction/auction_options.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "core/distribution.hpp"

namespace conclave {

const ParamTable& CriterionOptions::params() {
  static const auto table =
      Params<CriterionOptions>()
          .require("of", &CriterionOptions::of, "what is judged")
          .require("unit", &CriterionOptions::unit, "of the measure, for people: `EUR`, `Mf`, `share`")
          .add("better", &CriterionOptions::better, "which way is better")
          .add("least", &CriterionOptions::least, "lower bound; a bid outside of the bounds is not considered")
          .add("most", &CriterionOptions::most, "upper bound")
          .add("ideal", &CriterionOptions::ideal, "for spotis: the best value; the better bound if not given")
          .require("weight", &CriterionOptions::weight, "of all criteria together 1")
          .add("worth", &CriterionOptions::worth, "for quasi_linear: money for one unit, or for the root of one")
          .add("curve", &CriterionOptions::curve, "for quasi_linear: how worth grows with the measure")
          .add("missing", &CriterionOptions::missing,
               "a bid that does not say the measure is refused, or taken as worst");
  return table;
}

Criterion CriterionOptions::criterion() const {
  const Factor best = better == Better::higher ? most : least;
  return {.of = of,
          .unit = unit,
          .better = better,
          .least = millionths(least),
          .most = millionths(most),
          .ideal = millionths(ideal.value_or(best)),
          .weight = millionths(weight),
          .worth = millionths(worth),
          .curve = curve,
          .missing = missing};
}

const ParamTable& TaskOptions::params() {
  static const auto table =
      Params<TaskOptions>()
          .add("name", &TaskOptions::name, "for people")
          .add("operations", &TaskOptions::operations, "computed on the winner's host: `2Gf`; none by default")
          .add("spread", &TaskOptions::spread, "operations vary so much to both sides, drawn for each task")
          .add("input", &TaskOptions::input, "data that the winner gets first")
          .add("result", &TaskOptions::result, "data that it sends back")
          .add("reserve", &TaskOptions::reserve, "the most that is paid")
          .add("quality_least", &TaskOptions::quality_least, "bids that promise less are not considered")
          .add("within", &TaskOptions::within, "bids that take longer are not considered", {.least = Duration(1)});
  return table;
}

std::vector<CriterionOptions> AuctioneerOptions::usual_criteria() {
  const auto criterion = [](Measure of, std::string unit, Better better, double most, double weight) {
    CriterionOptions options;
    options.of = of;
    options.unit = std::move(unit);
    options.better = better;
    options.most = Factor::of(most);
    options.weight = Factor::of(weight);
    return options;
  };
  return {criterion(Measure::cost, "EUR", Better::lower, 100, 0.4),
          criterion(Measure::quality, "share", Better::higher, 1, 0.2),
          criterion(Measure::performance, "Mf", Better::higher, 2000, 0.1),
          criterion(Measure::reliability, "share", Better::higher, 1, 0.2),
          criterion(Measure::innovation, "share", Better::higher, 1, 0.1)};
}

const ParamTable& AuctioneerOptions::params() {
  using Self = AuctioneerOptions;
  static const auto table =
      Params<Self>()
          .add("bidders", &Self::bidders, "group that is asked for bids")
          .add("mechanism", &Self::mechanism, "who wins and is paid what")
          .add("scoring", &Self::scoring, "how a bid's measures become one score")
          .add("criteria", &Self::criteria, "what is judged, in which bounds, with which weights")
          .add("tasks", &Self::tasks, "the tasks in turn, one for each request of the workload and place in the lot")
          .add("lot", &Self::lot, "tasks that one auction is about", {.least = 1, .most = 1000})
          .add("bid_window", &Self::bid_window, "time from the call for bids to their deadline", {.least = Duration(1)})
          .add("acknowledge", &Self::acknowledge, "work begins only after the winner has answered and is told to start")
          .add("answer_within", &Self::answer_within, "time that a winner has to answer", {.least = Duration(1)})
          .add("reawards", &Self::reawards, "further bidders who may be awarded a task when one does not fulfil it")
          .add("grace", &Self::grace, "a result may be so late, for the way of the messages")
          .add("tolerance", &Self::tolerance, "quality may be so far below what was promised")
          .add("risk_aversion", &Self::risk_aversion, "score that the certainty of a total loss costs")
          .add("epsilon", &Self::epsilon, "for bertsekas: the least by which a price falls", {.least = Factor{1}})
          .add("round", &Self::round, "for bertsekas: time of a round of bidding", {.least = Duration(1)})
          .add("newcomer_trust", &Self::newcomer_trust, "share of a newcomer's promises that is believed",
               {.most = Factor::of(1)})
          .add("prior_strength", &Self::prior_strength, "outcomes that newcomer_trust counts for")
          .add("memory", &Self::memory, "share of its weight that an outcome keeps with each later one",
               {.most = Factor::of(1)})
          .add("caution", &Self::caution, "standard deviations below its mean at which reliability is taken")
          .add("risk_tail", &Self::risk_tail, "alpha: risk is the mean loss of the worst 1 - alpha",
               {.most = Factor::of(0.999)});
  return table;
}

namespace {

Location place(const Value& written, std::string_view key) {
  const Value* value = written.is_map() ? written.find(key) : nullptr;
  return value ? value->at : written.at;
}

void check_criteria(const AuctioneerOptions& options, const Value& written, Diagnostics& diagnostics) {
  const Location at = place(written, "criteria");
  const Value* list = written.is_map() ? written.find("criteria") : nullptr;
  std::uint64_t weights = 0;
  for (std::size_t i = 0; i < options.criteria.size(); i++) {
    const CriterionOptions& each = options.criteria[i];
    const Location own = list && list->is_list() && i < list->items.size() ? list->items[i].at : at;
    weights += each.weight.millionths;
    if (each.least >= each.most)
      diagnostics.error(
          own, fmt::format("the bounds of {} are empty: {} to {}", name(each.of), text(each.least), text(each.most)),
          "expected `least` below `most`");
    if (each.ideal && (*each.ideal < each.least || each.most < *each.ideal))
      diagnostics.error(own,
                        fmt::format("the ideal {} of {} is outside of its bounds", text(*each.ideal), name(each.of)));
    for (std::size_t k = 0; k < i; k++)
      if (options.criteria[k].of == each.of)
        diagnostics.error(own, fmt::format("there are two criteria of {}", name(each.of)));
  }
  if (weights != static_cast<std::uint64_t>(kOne))
    diagnostics.error(at, fmt::format("the weights of all criteria together are {}", text(Factor{weights})),
                      "expected 1");
}

void check_tasks(const AuctioneerOptions& options, const Value& written, Diagnostics& diagnostics) {
  const Location at = place(written, "tasks");
  if (options.tasks.empty()) diagnostics.error(at, "there are no tasks");
  for (const TaskOptions& task : options.tasks)
    for (const CriterionOptions& criterion : options.criteria)
      if (criterion.of == Measure::cost && task.reserve > criterion.most)
        diagnostics.error(at, fmt::format("the reserve {} of `{}` is above the bound {} of the criterion cost",
                                          text(task.reserve), task.name, text(criterion.most)));
}

void check_rules(const AuctioneerOptions& options, const Value& written, Diagnostics& diagnostics) {
  const auto mechanism = make_by_name<MechanismCatalog>(options.mechanism.name);
  const auto scoring = make_by_name<ScoringCatalog>(options.scoring.name);
  if (options.lot > 1 && !mechanism->many_tasks())
    diagnostics.error(place(written, "lot"), fmt::format("`{}` auctions one task at a time", options.mechanism.name),
                      "expected `lot: 1`");
  if (mechanism->needs_quasi_linear() && !scoring->quasi_linear())
    diagnostics.error(place(written, "scoring"),
                      fmt::format("`{}` pays a difference of scores in money, which `{}` is not",
                                  options.mechanism.name, options.scoring.name),
                      "expected `quasi_linear`");
}

}  // namespace

void AuctioneerOptions::check(const AuctioneerOptions& options, const Deployment& deployment, const Value& written,
                              Diagnostics& diagnostics) {
  if (!deployment.roster.find(options.bidders)) {
    std::vector<std::string> names;
    for (const Group& known : deployment.roster.groups()) names.push_back(known.name);
    diagnostics.error(place(written, "bidders"), fmt::format("there is no group `{}` of bidders", options.bidders),
                      suggestion(options.bidders, names));
  }
  check_criteria(options, written, diagnostics);
  check_tasks(options, written, diagnostics);
  check_rules(options, written, diagnostics);
}

AuctionTerms AuctioneerOptions::terms() const {
  AuctionTerms terms{.mechanism = mechanism.name,
                     .scoring = scoring.name,
                     .criteria = {},
                     .risk_aversion = millionths(risk_aversion),
                     .epsilon = millionths(epsilon)};
  for (const CriterionOptions& each : criteria) terms.criteria.push_back(each.criterion());
  return terms;
}

Learning AuctioneerOptions::learning() const {
  return {.prior = {.ratio = millionths(newcomer_trust), .strength = millionths(prior_strength)},
          .memory = millionths(memory),
          .caution = millionths(caution),
          .risk_tail = millionths(risk_tail)};
}

AuctionTask AuctioneerOptions::task(std::uint64_t number, const Stream& draws) const {
  const TaskOptions& plan = tasks[(number - 1) % tasks.size()];
  const auto spread = static_cast<std::uint64_t>(static_cast<double>(plan.operations.flops) * plan.spread.value());
  return {.number = number,
          .name = plan.name,
          .operations = plan.operations.flops - spread + draw_below(draws.at(number), 2 * spread),
          .input_bytes = plan.input.bytes,
          .result_bytes = plan.result.bytes,
          .reserve = millionths(plan.reserve),
          .quality_least = millionths(plan.quality_least),
          .within = plan.within};
}

Duration AuctioneerOptions::ends_within() const {
  Duration longest{};
  for (const TaskOptions& task : tasks) longest = std::max(longest, task.within);
  const Duration once = longest + grace + (acknowledge ? answer_within : Duration::zero());
  return once * (std::int64_t{reawards} + 1);
}

}  // namespace conclave

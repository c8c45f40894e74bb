// Which runs a sweep makes: in which order, until when, and the same ones however they end.

#include <doctest/doctest.h>

#include <algorithm>

#include "core/random.hpp"
#include "sweep/schedule.hpp"
#include "sweep/stop_rule.hpp"

namespace conclave {
namespace {

Sweep sweep_of(std::size_t points, std::uint32_t repetitions) {
  Sweep sweep;
  sweep.points.resize(points);
  sweep.repetitions = repetitions;
  return sweep;
}

std::vector<std::size_t> all_of(const Sweep& sweep) {
  std::vector<std::size_t> numbers(sweep.points.size());
  for (std::size_t i = 0; i < numbers.size(); i++) numbers[i] = i;
  return numbers;
}

using Tasks = std::vector<std::pair<std::size_t, std::uint32_t>>;

/// The value of a run: another for each, the same each time.
double value_of(SweepTask task, std::uint64_t spread) {
  return 100 + static_cast<double>(Stream(1, "test").child(task.point).at(task.repetition) % (spread + 1));
}

/// Does all runs with as many at a time as `jobs`, which end in an order that `shuffle` draws. Sorted.
Tasks play(const Sweep& sweep, std::size_t jobs, std::uint64_t shuffle, std::uint64_t spread,
           const Tasks& before = {}) {
  Schedule schedule(sweep, all_of(sweep));
  Random random{Stream(shuffle, "order")};
  Tasks done = before;
  for (const auto& [point, repetition] : before)
    schedule.done({point, repetition}, value_of({point, repetition}, spread));
  std::vector<SweepTask> under_way;
  while (true) {
    while (under_way.size() < jobs) {
      const auto task = schedule.next();
      if (!task) break;
      under_way.push_back(*task);
    }
    if (under_way.empty()) break;
    const auto which = under_way.begin() + static_cast<std::ptrdiff_t>(random.below(under_way.size()));
    const SweepTask task = *which;
    under_way.erase(which);
    done.emplace_back(task.point, task.repetition);
    schedule.done(task, value_of(task, spread));
  }
  CHECK(schedule.left() == 0);
  std::sort(done.begin(), done.end());
  return done;
}

}  // namespace

TEST_CASE("a sweep goes through all points before it repeats one") {
  const Sweep sweep = sweep_of(3, 2);
  Schedule schedule(sweep, {0, 2});
  CHECK(schedule.left() == 4);
  Tasks order;
  while (const auto task = schedule.next()) order.emplace_back(task->point, task->repetition);
  CHECK(order == Tasks{{0, 0}, {2, 0}, {0, 1}, {2, 1}});
}

TEST_CASE("what is done is not done again") {
  const Sweep sweep = sweep_of(2, 2);
  Schedule schedule(sweep, {0, 1});
  schedule.done({1, 0}, 1.0);
  schedule.done({0, 1}, 1.0);
  CHECK(schedule.left() == 2);
  CHECK(schedule.next() == SweepTask{0, 0});
  CHECK(schedule.next() == SweepTask{1, 1});
  CHECK_FALSE(schedule.next().has_value());
}

TEST_CASE("with a stop rule the runs are the same for any number of workers, whatever was there before") {
  Sweep sweep = sweep_of(4, 3);
  sweep.until = StopRule{.metric = "x", .rel_ci = Factor::of(0.02), .max = 60, .every = 2};
  const Tasks one = play(sweep, 1, 1, 20);
  CHECK(one.size() > 4 * 3);
  CHECK(one.size() < 4 * 60);
  for (const std::size_t jobs : {2u, 7u, 100u})
    for (const std::uint64_t shuffle : {1u, 2u, 3u}) CHECK(play(sweep, jobs, shuffle, 20) == one);
  for (std::size_t kept = 1; kept < one.size(); kept += 5)
    CHECK(play(sweep, 3, kept, 20, Tasks(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(kept))) == one);
}

TEST_CASE("a mean that never settles is given up at the most repetitions") {
  Sweep sweep = sweep_of(1, 2);
  sweep.until = StopRule{.metric = "x", .rel_ci = Factor{1}, .max = 17};
  CHECK(play(sweep, 4, 1, 1000).size() == 17);
}

TEST_CASE("a mean of equal values settles at once") {
  Sweep sweep = sweep_of(1, 2);
  sweep.until = StopRule{.metric = "x", .rel_ci = Factor{1}, .max = 17};
  CHECK(play(sweep, 4, 1, 0).size() == 2);
}

TEST_CASE("the confidence interval is Student's") {
  // R: t.test(c(9, 10, 11, 12, 13), conf.level = 0.95) gives [9.036757, 12.963243].
  const MeanEstimate estimate = estimate_mean({9, 10, 11, 12, 13}, 0.95);
  CHECK(estimate.mean == 11);
  CHECK(estimate.half_width == doctest::Approx(1.963243).epsilon(1e-6));
  CHECK(estimate_mean({9, 10, 11, 12, 13}, 0.99).half_width > estimate.half_width);
}

TEST_CASE("a point none of whose runs has results is not repeated for ever") {
  const StopRule rule{.metric = "x", .rel_ci = Factor::of(0.05), .max = 200};
  CHECK(is_settled(rule, {std::nullopt, std::nullopt}));
  CHECK_FALSE(is_settled(rule, {std::nullopt, 1.0}));
}

}  // namespace conclave

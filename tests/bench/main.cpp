// conclave_bench [--json FILE] [PART OF A TITLE]: measures the rows and prints the table.

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "bench/bench.hpp"
#include "bench/process.hpp"

namespace conclave::bench {

Target times_faster(std::size_t other, double limit) {
  return {.against = other,
          .sense = Target::Sense::at_least,
          .limit = limit,
          .unit = "×",
          .figure = [other](const Medians& medians) { return medians[0].rate() / medians[other].rate(); }};
}

Target within_milliseconds(double limit) {
  return {.against = 0,
          .sense = Target::Sense::at_most,
          .limit = limit,
          .unit = "ms",
          .figure = [](const Medians& medians) { return medians[0].seconds * 1e3; }};
}

namespace {

using Samples = std::vector<Measurement>;

std::vector<Row> all_rows() {
  std::vector<Row> rows;
  for (const auto& part : {voting_rows, queue_rows, consensus_rows, hierarchy_rows, scale_rows, program_rows,
                           delivery_rows, auction_rows, sweep_rows})
    for (Row& row : part()) rows.push_back(std::move(row));
  return rows;
}

// One measurement: a process.

/// Of this process and of those that it has started, whichever was the greatest.
double peak_mib() {
  rusage self{}, started{};
  getrusage(RUSAGE_SELF, &self);
  getrusage(RUSAGE_CHILDREN, &started);
  return static_cast<double>(std::max(self.ru_maxrss, started.ru_maxrss)) / 1024;
}

int measure_here(const std::string& title, const std::string& name) {
  for (const Row& row : all_rows()) {
    if (row.title != title) continue;
    for (const Case& wanted : row.cases) {
      if (wanted.name != name) continue;
      const Measurement measured = wanted.run();
      fmt::print("{} {} {}\n", measured.seconds, measured.work, peak_mib());
      return 0;
    }
  }
  return 1;
}

Measurement measure(const Row& row, const Case& wanted) {
  const std::string text = output_of({"/proc/self/exe", "--measure", row.title, wanted.name});
  Measurement measured;
  if (std::sscanf(text.c_str(), "%lf %lf %lf", &measured.seconds, &measured.work, &measured.peak_mib) != 3)
    throw std::runtime_error("no measurement: " + text);
  return measured;
}

/// By case. They take turns.
std::vector<Samples> measure(const Row& row) {
  std::vector<Samples> samples(row.cases.size());
  for (int repeat = 0; repeat < row.repeats; repeat++)
    for (std::size_t i = 0; i < row.cases.size(); i++) samples[i].push_back(measure(row, row.cases[i]));
  for (std::size_t i = 1; i < samples.size(); i++) {
    if (samples[i].front().work != samples[0].front().work)
      throw std::runtime_error(fmt::format("{}: {} {} by {}, {} by {}", row.title, samples[0].front().work, row.counts,
                                           row.cases[0].name, samples[i].front().work, row.cases[i].name));
  }
  return samples;
}

double median(const Samples& samples, double Measurement::*what) {
  std::vector<double> values;
  for (const Measurement& sample : samples) values.push_back(sample.*what);
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Medians medians_of(const std::vector<Samples>& samples) {
  Medians medians;
  for (const Samples& some : samples) {
    medians.push_back({median(some, &Measurement::seconds), some.front().work, median(some, &Measurement::peak_mib)});
  }
  return medians;
}

// The table.

/// Three significant digits.
std::string rounded(double value) {
  if (value >= 100) return fmt::format("{:.0f}", value);
  return value >= 10 ? fmt::format("{:.1f}", value) : fmt::format("{:.2f}", value);
}

std::string duration_text(double seconds) {
  return seconds < 1 ? rounded(seconds * 1e3) + " ms" : rounded(seconds) + " s";
}

std::string count_text(double count) {
  if (count >= 1e6) return rounded(count / 1e6) + " M";
  return count >= 1e3 ? rounded(count / 1e3) + " k" : rounded(count);
}

std::string describe(const Measurement& median) {
  const std::string speed = median.work > 1 ? ", " + count_text(median.rate()) + "/s" : "";
  return fmt::format("{}{}, {:.0f} MiB", duration_text(median.seconds), speed, median.peak_mib);
}

void print_line(std::string_view work, std::string_view ours, std::string_view other, std::string_view figure,
                std::string_view target, std::string_view met) {
  fmt::print("| {:<71} | {:<28} | {:<60} | {:>15} | {:>16} | {:<7} |\n", work, ours, other, figure, target, met);
  std::fflush(stdout);
}

/// A line for each target.
void print_row(const Row& row, const Medians& medians) {
  const double work = medians[0].work;
  const std::string amount = work > 1 ? fmt::format(" ({} {})", count_text(work), row.counts) : "";
  for (const Target& target : row.targets) {
    const bool first = &target == &row.targets.front();
    const double figure = target.figure(medians);
    const std::string other =
        target.against == 0 ? ""
                            : fmt::format("{}: {}", row.cases[target.against].name, describe(medians[target.against]));
    print_line(first ? row.title + amount : "", first ? describe(medians[0]) : "", other,
               fmt::format("{} {}", rounded(figure), target.unit),
               fmt::format("{} {} {}", target.sense == Target::Sense::at_least ? "≥" : "≤", target.limit, target.unit),
               target.met(figure) ? "met" : "not met");
  }
}

nlohmann::ordered_json json_of(const Row& row, const std::vector<Samples>& samples, const Medians& medians) {
  nlohmann::ordered_json json{{"work", row.title}, {"counts", row.counts}};
  for (std::size_t i = 0; i < samples.size(); i++) {
    nlohmann::ordered_json one{{"name", row.cases[i].name},
                               {"amount", medians[i].work},
                               {"median_s", medians[i].seconds},
                               {"peak_mib", medians[i].peak_mib}};
    for (const Measurement& sample : samples[i]) one["all_s"].push_back(sample.seconds);
    json["cases"].push_back(std::move(one));
  }
  for (const Target& target : row.targets) {
    const double figure = target.figure(medians);
    json["targets"].push_back({{"against", target.against == 0 ? "" : row.cases[target.against].name},
                               {"figure", figure},
                               {target.sense == Target::Sense::at_least ? "at_least" : "at_most", target.limit},
                               {"unit", target.unit},
                               {"met", target.met(figure)}});
  }
  return json;
}

double load_now() {
  double load = 0;
  getloadavg(&load, 1);
  return load;
}

void print_head() {
  fmt::print(
      "Medians of 3 to 5 runs, the two sides in turn, each in a process of its own; one thread. {} cores, load {:.1f}\n"
      "before the first. Times are those of the event loop unless the row says more; memory is the process's peak.\n"
      "\n"
      "What is compared. Conclave: messages wait for both access links (1 Gbit/s unless the row says more), every "
      "event\n"
      "goes into the fingerprint and the metrics. SimGrid actors, default form: contention on all links (LV08).\n"
      "SimGrid actors, fastest form: no contention (FATPIPE, no cross-traffic, no TCP window). Bare heap, bare "
      "windows:\n"
      "no contention at the receiver, no agents, no records; only the times of deliveries.\n"
      "\n",
      std::thread::hardware_concurrency(), load_now());
  print_line("work", "conclave", "compared with", "figure", "target", "");
  print_line("---", "---", "---", "---:", "---:", "---");
}

void run_bench(const std::string& json_file, const std::string& part) {
  nlohmann::ordered_json json{
      {"cores", std::thread::hardware_concurrency()}, {"load", load_now()}, {"compiler", __VERSION__}};
  print_head();
  for (const Row& row : all_rows()) {
    if (row.title.find(part) == std::string::npos) continue;
    const std::vector<Samples> samples = measure(row);
    const Medians medians = medians_of(samples);
    print_row(row, medians);
    json["rows"].push_back(json_of(row, samples, medians));
  }
  if (json_file.empty()) return;
  std::ofstream file(json_file);
  file << json.dump(2) << '\n';
  if (!file.flush()) throw std::runtime_error("cannot write " + json_file);
}

}  // namespace

}  // namespace conclave::bench

int main(int argc, char** argv) {
  using namespace conclave::bench;
  std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() == 3 && arguments[0] == "--measure") return measure_here(arguments[1], arguments[2]);
    std::string json_file;
    if (arguments.size() >= 2 && arguments[0] == "--json") {
      json_file = arguments[1];
      arguments.erase(arguments.begin(), arguments.begin() + 2);
    }
    run_bench(json_file, arguments.empty() ? "" : arguments[0]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}

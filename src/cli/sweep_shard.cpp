#include "cli/sweep_shard.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cstdlib>

namespace conclave {

namespace {

/// Parts at most.
constexpr std::uint32_t kShardsMax = 1'000'000;

std::optional<std::uint32_t> read_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint32_t> variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? read_number(value) : std::nullopt;
}

/// A job array: the number of this job, the first, the last, and the step between two.
struct JobArray {
  const char* number;
  const char* first;
  const char* last;
  const char* step;
};
constexpr JobArray kJobArrays[] = {
    {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP"},
    {"SGE_TASK_ID", "SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE"},
    {"PBS_ARRAY_INDEX", "PBS_ARRAY_FIRST", "PBS_ARRAY_LAST", "PBS_ARRAY_STEP"},  // PBS itself sets the number only
    {"PBS_ARRAYID", "PBS_ARRAY_FIRST", "PBS_ARRAY_LAST", "PBS_ARRAY_STEP"},
};

/// `count` is 0 if it is the array that must tell.
std::optional<Shard> from_job_array(std::uint32_t count, std::string& problem) {
  for (const JobArray& array : kJobArrays) {
    const auto number = variable(array.number);
    if (!number) continue;
    const std::uint32_t first = variable(array.first).value_or(1);
    const auto last = variable(array.last);
    const std::uint32_t step = variable(array.step).value_or(1);
    if (count == 0 && last && *last >= first && step > 0) count = (*last - first) / step + 1;
    if (count == 0) {
      problem =
          fmt::format("--shard auto: {} is set, but not how many jobs there are; say `--shard auto/N`", array.number);
      return std::nullopt;
    }
    const std::uint32_t index = *number < first || step == 0 ? count : (*number - first) / step;
    if (index < count) return Shard{index + 1, count};
    problem =
        fmt::format("--shard auto: {}={} is not one of {} jobs, counted from {}", array.number, *number, count, first);
    return std::nullopt;
  }
  problem =
      "--shard auto: this is no job of an array (SLURM_ARRAY_TASK_ID, PBS_ARRAY_INDEX and SGE_TASK_ID are not set)";
  return std::nullopt;
}

}  // namespace

std::optional<Shard> read_shard(const std::string& text, std::string& problem) {
  if (text == "auto") return from_job_array(0, problem);
  const std::size_t slash = text.find('/');
  const auto count = slash == std::string::npos ? std::nullopt : read_number(std::string_view(text).substr(slash + 1));
  const std::string_view index_text = std::string_view(text).substr(0, slash);
  if (count && *count >= 1 && *count <= kShardsMax) {
    if (index_text == "auto") return from_job_array(*count, problem);
    const auto index = read_number(index_text);
    if (index && *index >= 1 && *index <= *count) return Shard{*index, *count};
  }
  problem = fmt::format("--shard: `{}` is no part: expected `I/N` with I from 1 to N, `auto` or `auto/N`", text);
  return std::nullopt;
}

}  // namespace conclave

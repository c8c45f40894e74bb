// Which part of a sweep this process does: `--shard 2/4`, or as the job array of a cluster has it.
#pragma once

#include <optional>
#include <string>

#include "sweep/journal.hpp"

namespace conclave {

/// Reads `I/N`, `auto` (job arrays of Slurm and SGE, which say how many there are) or `auto/N` (any, PBS included).
/// Nothing after saying why in `problem`.
std::optional<Shard> read_shard(const std::string& text, std::string& problem);

}  // namespace conclave

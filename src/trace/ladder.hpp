// Hashes of ever longer beginnings of a run. Where two runs part lies between the last rung at which they agree and the
// first at which they do not, so nobody has to compare what comes before.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/event.hpp"
#include "core/hash.hpp"

namespace conclave {

inline constexpr std::string_view kLadderFile = "ladder.json";

struct Ladder {
  std::uint64_t stride = 1;    ///< events between two rungs: a power of two
  std::uint64_t events = 0;    ///< of the whole run
  std::vector<Hash128> rungs;  ///< rung i is of the first (i + 1) * stride events

  std::string json() const;
};

/// Builds the ladder of a run. However long that is, the rungs are few: when there are too many, every other one goes.
class LadderBuilder : public Observer {
 public:
  EventKinds interests() const override { return EventKinds::all(); }
  void observe(const Event& event) override;
  const Ladder& ladder() const { return ladder_; }

  static constexpr std::size_t kRungsMax = 1024;

 private:
  Ladder ladder_;
  Hash128 chain_;
};

/// Reads what a run folder holds; nothing if it holds none that can be read.
std::optional<Ladder> read_ladder(const std::filesystem::path& run_folder);

/// Events [first, second) among which the two runs part, or where the shorter ends; second is the largest number if
/// that is after the last common rung.
std::pair<std::uint64_t, std::uint64_t> window_of_parting(const Ladder& a, const Ladder& b);

}  // namespace conclave

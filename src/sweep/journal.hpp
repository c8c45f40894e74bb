// What one shard of a sweep has found, for machines that share nothing but a folder: a file of JSON lines, to which one
// process appends. It has a hidden name until the shard is complete. `merge` folds journals into a database.
//
// Each line is {"hash":"…","line":{…}}: a line that was cut off or damaged is noticed, and the others hold.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sweep/store.hpp"

namespace conclave {

/// One of `count` equal parts of a sweep: every count-th point, so that expensive corners spread.
struct Shard {
  std::uint32_t index = 1;  ///< from 1
  std::uint32_t count = 1;

  bool has(std::size_t point) const { return point % count == index - 1; }
  /// `2-of-4`
  std::string text() const;
};

class JournalWriter {
 public:
  /// Creates a file of its own in `folder`. Throws OutputError.
  JournalWriter(const std::filesystem::path& folder, const SweepPlan& plan, Shard shard);
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  /// Throws OutputError; what was added before is safe.
  void add(const std::vector<RunRecord>& runs);
  /// Gives the file its name: the shard is complete.
  std::filesystem::path publish();

 private:
  void append(const std::string& text);

  std::filesystem::path partial_;
  std::filesystem::path target_;
  int file_ = -1;
};

struct Journal {
  std::optional<SweepPlan> plan;  ///< nothing if the file is no journal
  std::vector<RunRecord> runs;
  std::vector<std::string> problems;  ///< `FILE:LINE: …`; the runs of good lines are there all the same
};

Journal read_journal(const std::filesystem::path& file);

/// The journals of a shard of this sweep, complete ones and what killed processes left, in the order of their names.
std::vector<std::filesystem::path> find_journals(const std::filesystem::path& folder, const std::string& sweep,
                                                 std::optional<Shard> shard);

}  // namespace conclave

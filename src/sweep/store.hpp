// The results of a sweep in an SQLite file. One process writes it, others may read meanwhile. A run is there completely
// or not at all, whenever the process is killed.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sweep/design.hpp"
#include "sweep/identity.hpp"
#include "sweep/run_record.hpp"

namespace conclave {

/// Of the tables. A database of another version is refused: nothing is guessed.
inline constexpr int kStoreSchema = 1;

/// A database that cannot be used; the text names it and says what to do.
struct StoreError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What the plan in a database is about.
struct SweepPlan {
  std::string sweep;
  std::string title;
  Provenance provenance;
  std::vector<std::string> paths;
  std::vector<Point> points;
};

class Store {
 public:
  enum class Access { read, write };

  /// Opens the file, and creates it for writing. Throws StoreError: another process writes to it, it is no database of
  /// sweeps, it has another schema, it cannot be written.
  Store(const std::filesystem::path& file, Access access);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Says what the current campaign and its points are. Runs of former ones stay. Throws StoreError.
  void plan(const SweepPlan& plan);
  bool has_plan() const;
  /// The same as it was said last. Throws StoreError if nothing was.
  SweepPlan plan() const;

  /// Adds runs, all or none; a run that is there is replaced. Throws StoreError.
  void add(const std::vector<RunRecord>& runs);
  /// Forgets the runs of the current campaign that have no results; how many they were.
  std::size_t forget_failed();
  /// Calls visit for each run of the current campaign whose point is in the plan, by point and seed.
  void each_run(const std::function<void(RunRecord&&)>& visit) const;
  /// Runs of other programs, scenarios or metrics, which are kept but not shown.
  std::size_t other_runs() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Whether the file system is shared between machines, where SQLite's write-ahead log fails.
bool is_network_file_system(const std::filesystem::path& folder);

}  // namespace conclave

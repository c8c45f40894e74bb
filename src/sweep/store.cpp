#include "sweep/store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

namespace conclave {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;

/// "CNCL": tells our files from those of other programs.
constexpr int kApplicationId = 0x434e434c;
/// How long to wait for another process that reads.
constexpr int kBusyMs = 10'000;

constexpr const char* kTables = R"(
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE points (
  id INTEGER PRIMARY KEY,
  parameters TEXT NOT NULL UNIQUE,  -- JSON object, path to value
  ordinal INTEGER                   -- its number in the plan; null if the plan has it no longer
) STRICT;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  campaign TEXT NOT NULL,
  point INTEGER NOT NULL REFERENCES points(id),
  seed TEXT NOT NULL,               -- of 64 bits, which SQLite's integers are too small for
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  verdict TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  decisions_fingerprint TEXT NOT NULL,
  wall_time_s REAL NOT NULL,
  host TEXT NOT NULL
) STRICT;
CREATE INDEX runs_of_campaign ON runs (campaign, point);
CREATE TABLE metric_names (id INTEGER PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, UNIQUE (name, unit)) STRICT;
CREATE TABLE metrics (
  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  name INTEGER NOT NULL REFERENCES metric_names(id),
  value REAL NOT NULL,
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;
)";

std::string parameters_json(const Point& point) {
  Json object = Json::object();  // its keys are sorted: the order in the sweep file does not matter
  for (const Point::Parameter& parameter : point.parameters) object[parameter.path] = parameter.value;
  return object.dump();
}

/// In the order of `paths`.
Point point_of(const std::string& json, const std::vector<std::string>& paths) {
  const Json object = Json::parse(json);
  Point point;
  for (const std::string& path : paths)
    if (object.contains(path)) point.parameters.push_back({path, object[path].get<std::string>()});
  return point;
}

/// Held for as long as a process writes to the database. SQLite's own locks are not: it has them only while it writes.
class WriterLock {
 public:
  explicit WriterLock(const fs::path& database) {
    const fs::path file = database.parent_path() / fmt::format(".{}.lock", database.filename().string());
    file_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file_ < 0) throw StoreError(fmt::format("{}: cannot write there: {}", database.string(), std::strerror(errno)));
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
      char text[32] = {};
      static_cast<void>(!::read(file_, text, sizeof text - 1));
      ::close(file_);
      throw StoreError(fmt::format("{}: another process{}{} is writing to this database", database.string(),
                                   *text ? ", number " : "", text));
    }
    const std::string own = fmt::format("{}", ::getpid());
    static_cast<void>(!::ftruncate(file_, 0));
    static_cast<void>(!::write(file_, own.data(), own.size()));
  }
  ~WriterLock() { ::close(file_); }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  int file_ = -1;
};

/// What SQLite says, in words for the user.
std::string explained(const fs::path& file, const SQLite::Exception& error) {
  const int code = error.getErrorCode();
  const std::string_view advice = code == SQLITE_FULL || code == SQLITE_IOERR
                                      ? ": is the disk full? What was stored before is safe; run it again"
                                  : code == SQLITE_READONLY ? ": the database cannot be written"
                                  : code == SQLITE_NOTADB   ? ": choose another file with --db"
                                  : code == SQLITE_CORRUPT  ? ": the database is damaged"
                                                            : "";
  return fmt::format("{}: {}{}", file.string(), error.what(), advice);
}

}  // namespace

bool is_network_file_system(const fs::path& folder) {
  struct statfs status {};
  if (::statfs(folder.empty() ? "." : folder.c_str(), &status) != 0) return false;
  // NFS, CIFS, SMB2, Lustre, GPFS, BeeGFS, Ceph, AFS, FUSE (whatever is behind it).
  constexpr std::uint32_t kShared[] = {0x6969,     0xff534d42, 0xfe534d42, 0x0bd00bd0, 0x47504653,
                                       0x19830326, 0x00c36400, 0x5346414f, 0x65735546};
  for (const std::uint32_t type : kShared)
    if (static_cast<std::uint32_t>(status.f_type) == type) return true;
  return false;
}

struct Store::Parts {
  fs::path file;
  std::optional<WriterLock> lock;
  mutable std::optional<SQLite::Database> database;  ///< its queries are no constant functions
  std::map<std::pair<std::string, std::string>, std::int64_t> metric_ids;

  /// Runs `work`, and tells its errors in terms of the file.
  template <class Work>
  auto guarded(Work&& work) const {
    try {
      return work();
    } catch (const SQLite::Exception& error) {
      throw StoreError(explained(file, error));
    }
  }

  int pragma(const char* name) const { return database->execAndGet(fmt::format("PRAGMA {}", name)).getInt(); }

  void open(Access access) {
    const bool writing = access == Access::write;
    std::error_code failed;
    if (writing && file.has_parent_path()) fs::create_directories(file.parent_path(), failed);
    if (writing && failed)
      throw StoreError(fmt::format("{}: cannot create the folder: {}", file.parent_path().string(), failed.message()));
    if (!writing && !fs::exists(file, failed))
      throw StoreError(fmt::format("{}: there is no such database", file.string()));
    if (writing && fs::exists(file, failed) && ::access(file.c_str(), W_OK) != 0)
      throw StoreError(fmt::format("{}: cannot write to the database: {}", file.string(), std::strerror(errno)));
    if (writing) lock.emplace(file);
    const int flags = writing ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE : SQLite::OPEN_READONLY;
    database.emplace(file.string(), flags, kBusyMs);
    if (writing) {
      database->exec(is_network_file_system(file.parent_path()) ? "PRAGMA journal_mode=DELETE"
                                                                : "PRAGMA journal_mode=WAL");
      database->exec("PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON");
    }
    check_schema(writing);
  }

  void check_schema(bool writing) {
    const bool empty = database->execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
    if (empty && writing) {
      SQLite::Transaction transaction(*database);
      database->exec(kTables);
      database->exec(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId, kStoreSchema));
      return transaction.commit();
    }
    if (pragma("application_id") != kApplicationId)
      throw StoreError(
          fmt::format("{}: this is not a database of sweeps; choose another file with --db", file.string()));
    if (const int schema = pragma("user_version"); schema != kStoreSchema)
      throw StoreError(
          fmt::format("{}: this database has schema {}, and this program knows schema {} only; export it "
                      "with the version of Conclave that made it, or choose another file with --db",
                      file.string(), schema, kStoreSchema));
  }

  std::string meta(const char* name) const {
    SQLite::Statement query(*database, "SELECT value FROM meta WHERE name = ?");
    query.bind(1, name);
    return query.executeStep() ? query.getColumn(0).getString() : std::string();
  }

  void set_meta(const char* name, const std::string& value) {
    SQLite::Statement change(*database,
                             "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    change.bind(1, name);
    change.bind(2, value);
    change.exec();
  }

  std::int64_t metric_id(const Metric& metric) {
    const auto [entry, added] = metric_ids.try_emplace({metric.name, metric.unit}, 0);
    if (!added) return entry->second;
    SQLite::Statement insert(*database, "INSERT INTO metric_names (name, unit) VALUES (?, ?) ON CONFLICT DO NOTHING");
    insert.bind(1, metric.name);
    insert.bind(2, metric.unit);
    insert.exec();
    SQLite::Statement query(*database, "SELECT id FROM metric_names WHERE name = ? AND unit = ?");
    query.bind(1, metric.name);
    query.bind(2, metric.unit);
    query.executeStep();
    return entry->second = query.getColumn(0).getInt64();
  }

  void insert(const RunRecord& run, const std::string& campaign) {
    SQLite::Statement statement(
        *database,
        "INSERT OR REPLACE INTO runs (key, campaign, point, seed, status, reason, verdict, fingerprint, "
        "decisions_fingerprint, wall_time_s, host) "
        "SELECT ?, ?, id, ?, ?, ?, ?, ?, ?, ?, ? FROM points WHERE ordinal = ?");
    int column = 1;
    for (const std::string& text : {run.key, campaign, fmt::format("{}", run.seed), run.status, run.reason, run.verdict,
                                    run.fingerprint, run.decisions_fingerprint})
      statement.bind(column++, text);
    statement.bind(column++, run.wall_time_s);
    statement.bind(column++, run.host);
    statement.bind(column, static_cast<std::int64_t>(run.point));
    if (statement.exec() != 1)
      throw StoreError(fmt::format("{}: point {} is not in the plan", file.string(), run.point));
    const std::int64_t id = database->getLastInsertRowid();
    SQLite::Statement metric_row(*database, "INSERT INTO metrics VALUES (?, ?, ?)");
    for (const Metric& metric : run.metrics) {
      metric_row.bind(1, id);
      metric_row.bind(2, metric_id(metric));
      metric_row.bind(3, metric.value);
      metric_row.exec();
      metric_row.reset();
    }
  }
};

Store::Store(const fs::path& file, Access access) : parts_(std::make_unique<Parts>()) {
  parts_->file = file;
  parts_->guarded([&] { parts_->open(access); });
}

Store::~Store() {
  if (!parts_->lock || !parts_->database) return;
  try {  // without the log, the file alone holds everything, and can be read where nothing can be written
    parts_->database->exec("PRAGMA journal_mode=DELETE");
  } catch (const SQLite::Exception&) {  // somebody is reading: it stays as it is, which is as good
  }
}

void Store::plan(const SweepPlan& plan) {
  parts_->guarded([&] {
    SQLite::Transaction transaction(*parts_->database);
    const Provenance& from = plan.provenance;
    for (const auto& [name, value] : {std::pair("sweep", plan.sweep),
                                      {"title", plan.title},
                                      {"version", from.version},
                                      {"program", from.program},
                                      {"scenario", from.scenario},
                                      {"content", from.content},
                                      {"metrics", from.metrics},
                                      {"campaign", from.campaign()},
                                      {"first_seed", fmt::format("{}", from.first_seed)},
                                      {"paths", Json(plan.paths).dump()}})
      parts_->set_meta(name, value);
    parts_->database->exec("UPDATE points SET ordinal = NULL");
    SQLite::Statement insert(*parts_->database,
                             "INSERT INTO points (parameters, ordinal) VALUES (?, ?) "
                             "ON CONFLICT (parameters) DO UPDATE SET ordinal = excluded.ordinal");
    for (std::size_t i = 0; i < plan.points.size(); i++) {
      insert.bind(1, parameters_json(plan.points[i]));
      insert.bind(2, static_cast<std::int64_t>(i));
      insert.exec();
      insert.reset();
    }
    transaction.commit();
  });
}

bool Store::has_plan() const {
  return parts_->guarded([&] { return !parts_->meta("sweep").empty(); });
}

SweepPlan Store::plan() const {
  return parts_->guarded([&] {
    SweepPlan plan{.sweep = parts_->meta("sweep"), .title = parts_->meta("title")};
    if (plan.sweep.empty())
      throw StoreError(fmt::format("{}: this database holds no sweep yet", parts_->file.string()));
    plan.provenance = {.version = parts_->meta("version"),
                       .program = parts_->meta("program"),
                       .scenario = parts_->meta("scenario"),
                       .content = parts_->meta("content"),
                       .metrics = parts_->meta("metrics"),
                       .first_seed = std::stoull(parts_->meta("first_seed"))};
    plan.paths = Json::parse(parts_->meta("paths")).get<std::vector<std::string>>();
    SQLite::Statement query(*parts_->database,
                            "SELECT parameters FROM points WHERE ordinal IS NOT NULL ORDER BY ordinal");
    while (query.executeStep()) plan.points.push_back(point_of(query.getColumn(0).getString(), plan.paths));
    return plan;
  });
}

void Store::add(const std::vector<RunRecord>& runs) {
  if (runs.empty()) return;
  parts_->guarded([&] {
    const std::string campaign = parts_->meta("campaign");
    SQLite::Transaction transaction(*parts_->database);
    for (const RunRecord& run : runs) parts_->insert(run, campaign);
    transaction.commit();
  });
}

std::size_t Store::forget_failed() {
  return parts_->guarded([&] {
    SQLite::Statement change(
        *parts_->database,
        "DELETE FROM runs WHERE status <> 'ok' AND campaign = (SELECT value FROM meta WHERE name = 'campaign')");
    return static_cast<std::size_t>(change.exec());
  });
}

void Store::each_run(const std::function<void(RunRecord&&)>& visit) const {
  parts_->guarded([&] {
    // Seeds are texts of digits: the shorter is the smaller.
    SQLite::Statement query(
        *parts_->database,
        "SELECT r.id, key, ordinal, seed, status, reason, verdict, fingerprint, decisions_fingerprint, "
        "wall_time_s, host FROM runs r JOIN points p ON r.point = p.id "
        "WHERE ordinal IS NOT NULL AND campaign = (SELECT value FROM meta WHERE name = 'campaign') "
        "ORDER BY ordinal, length(seed), seed");
    SQLite::Statement metrics(*parts_->database,
                              "SELECT n.name, unit, value FROM metrics m JOIN metric_names n ON m.name = n.id "
                              "WHERE run = ? ORDER BY n.name, unit");
    while (query.executeStep()) {
      RunRecord run{.key = query.getColumn(1).getString(),
                    .point = static_cast<std::size_t>(query.getColumn(2).getInt64()),
                    .seed = std::stoull(query.getColumn(3).getString()),
                    .status = query.getColumn(4).getString(),
                    .reason = query.getColumn(5).getString(),
                    .verdict = query.getColumn(6).getString(),
                    .fingerprint = query.getColumn(7).getString(),
                    .decisions_fingerprint = query.getColumn(8).getString(),
                    .wall_time_s = query.getColumn(9).getDouble(),
                    .host = query.getColumn(10).getString()};
      metrics.bind(1, query.getColumn(0).getInt64());
      while (metrics.executeStep())
        run.metrics.push_back(
            {metrics.getColumn(0).getString(), metrics.getColumn(1).getString(), metrics.getColumn(2).getDouble()});
      metrics.reset();
      visit(std::move(run));
    }
  });
}

std::size_t Store::other_runs() const {
  return parts_->guarded([&] {
    return static_cast<std::size_t>(
        parts_->database
            ->execAndGet("SELECT count(*) FROM runs r JOIN points p ON r.point = p.id WHERE ordinal IS NULL OR "
                         "campaign <> (SELECT value FROM meta WHERE name = 'campaign')")
            .getInt64());
  });
}

}  // namespace conclave

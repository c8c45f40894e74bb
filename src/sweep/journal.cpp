#include "sweep/journal.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/hash.hpp"
#include "trace/output.hpp"

namespace conclave {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

/// Of the lines below.
constexpr int kJournalFormat = 1;

std::string line_of(const Json& content) {
  const std::string text = content.dump();
  return fmt::format(R"({{"hash":"{}","line":{}}})"
                     "\n",
                     hash128(text).text(), text);
}

Json to_json(const SweepPlan& plan) {
  Json points = Json::array();
  for (const Point& point : plan.points) {
    Json parameters = Json::object();
    for (const Point::Parameter& parameter : point.parameters) parameters[parameter.path] = parameter.value;
    points.push_back(std::move(parameters));
  }
  const Provenance& from = plan.provenance;
  return {{"conclave_journal", kJournalFormat},
          {"sweep", plan.sweep},
          {"title", plan.title},
          {"version", from.version},
          {"program", from.program},
          {"scenario", from.scenario},
          {"content", from.content},
          {"metrics", from.metrics},
          {"first_seed", from.first_seed},
          {"paths", plan.paths},
          {"points", std::move(points)}};
}

SweepPlan plan_of(const Json& line) {
  SweepPlan plan{.sweep = line.at("sweep"), .title = line.at("title"), .paths = line.at("paths")};
  plan.provenance = {.version = line.at("version"),
                     .program = line.at("program"),
                     .scenario = line.at("scenario"),
                     .content = line.at("content"),
                     .metrics = line.at("metrics"),
                     .first_seed = line.at("first_seed")};
  for (const Json& parameters : line.at("points")) {
    plan.points.emplace_back();
    for (const auto& [path, value] : parameters.items()) plan.points.back().parameters.push_back({path, value});
  }
  return plan;
}

Json to_json(const RunRecord& run) {
  Json metrics = Json::array();
  for (const Metric& metric : run.metrics) metrics.push_back({metric.name, metric.unit, metric.value});
  return {{"key", run.key},
          {"point", run.point},
          {"seed", run.seed},
          {"status", run.status},
          {"reason", run.reason},
          {"verdict", run.verdict},
          {"fingerprint", run.fingerprint},
          {"decisions_fingerprint", run.decisions_fingerprint},
          {"wall_time_s", run.wall_time_s},
          {"host", run.host},
          {"metrics", std::move(metrics)}};
}

RunRecord run_of(const Json& line) {
  RunRecord run{.key = line.at("key"),
                .point = line.at("point"),
                .seed = line.at("seed"),
                .status = line.at("status"),
                .reason = line.at("reason"),
                .verdict = line.at("verdict"),
                .fingerprint = line.at("fingerprint"),
                .decisions_fingerprint = line.at("decisions_fingerprint"),
                .wall_time_s = line.at("wall_time_s"),
                .host = line.at("host")};
  for (const Json& metric : line.at("metrics")) run.metrics.push_back({metric.at(0), metric.at(1), metric.at(2)});
  return run;
}

/// The content of a line, or nothing if it is not as it was written.
std::optional<Json> unpack(const std::string& text) {
  const Json line = Json::parse(text, nullptr, false);
  if (!line.is_object() || !line.contains("hash") || !line.contains("line")) return std::nullopt;
  if (line["hash"] != hash128(line["line"].dump()).text()) return std::nullopt;
  return line["line"];
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

std::string name_start(const std::string& sweep, std::optional<Shard> shard) {
  return shard ? fmt::format("{}.shard-{}.", sweep, shard->text()) : sweep + ".shard-";
}

}  // namespace

std::string Shard::text() const {
  return fmt::format("{}-of-{}", index, count);
}

JournalWriter::JournalWriter(const fs::path& folder, const SweepPlan& plan, Shard shard) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) throw OutputError(folder, "cannot create the folder", failed.value());
  // Two attempts at one shard, on one machine or two, never share a file.
  for (int attempt = 1; file_ < 0; attempt++) {
    const std::string name =
        fmt::format("{}{}-{}-{}.journal", name_start(plan.sweep, shard), host_name(), ::getpid(), attempt);
    target_ = folder / name;
    partial_ = folder / fmt::format(".{}.partial", name);
    if (fs::exists(target_, failed)) continue;
    file_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    if (file_ < 0 && errno != EEXIST) throw OutputError(partial_, "cannot create the journal", errno);
  }
  append(line_of(to_json(plan)));
}

JournalWriter::~JournalWriter() {
  if (file_ >= 0) ::close(file_);
}

void JournalWriter::append(const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw OutputError(partial_, "cannot write the journal", errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fdatasync(file_) != 0) throw OutputError(partial_, "cannot write the journal", errno);
}

void JournalWriter::add(const std::vector<RunRecord>& runs) {
  std::string text;
  for (const RunRecord& run : runs) text += line_of(to_json(run));
  append(text);
}

fs::path JournalWriter::publish() {
  if (::rename(partial_.c_str(), target_.c_str()) != 0) throw OutputError(target_, "cannot name the journal", errno);
  return target_;
}

Journal read_journal(const fs::path& file) {
  Journal journal;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    journal.problems.push_back(fmt::format("{}: cannot read the journal: {}", file.string(), std::strerror(errno)));
    return journal;
  }
  std::size_t number = 0;
  for (std::string text; std::getline(stream, text);) {
    number++;
    const auto problem = [&](std::string_view what) {
      journal.problems.push_back(fmt::format("{}:{}: {}", file.string(), number, what));
    };
    const std::optional<Json> line = unpack(text);
    try {
      if (!line) {
        problem(stream.eof() ? "the journal is cut off in this line; the lines before it are good"
                             : "this line is damaged and left out");
      } else if (number == 1 && line->value("conclave_journal", 0) == kJournalFormat) {
        journal.plan = plan_of(*line);
      } else if (journal.plan) {
        journal.runs.push_back(run_of(*line));
      }
    } catch (const Json::exception&) {
      problem("this line is no part of a journal of this version");
    }
    if (!journal.plan) {
      problem("this is not a journal of a sweep, or of another version of Conclave");
      break;
    }
  }
  if (number == 0) journal.problems.push_back(fmt::format("{}: the journal is empty", file.string()));
  return journal;
}

std::vector<fs::path> find_journals(const fs::path& folder, const std::string& sweep, std::optional<Shard> shard) {
  std::vector<fs::path> found;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    std::string name = entry.path().filename().string();
    if (name.starts_with('.') && name.ends_with(".journal.partial"))
      name.erase(0, 1);
    else if (!name.ends_with(".journal"))
      continue;
    if (name.starts_with(name_start(sweep, shard))) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace conclave

// Owner of jobs: offers each job to those who may lead the organisation, and again while it hears nothing, and accepts
// the end of it from whoever has the highest epoch that it knows of. That check at the very place where results take
// effect is what a fencing token is for: a root that does not know yet that it is none any more gets nothing accepted.
//
// Every request of the workload is one job.

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <vector>

#include "core/catalog.hpp"
#include "protocols/hierarchy/messages.hpp"

namespace conclave {
namespace {

class JobOwner final : public Protocol {
 public:
  struct Options {
    std::string members = "member";
    std::uint32_t electors = 3;
    Duration retry = std::chrono::seconds(2);
    JobSection job;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("members", &Options::members, "group that does the jobs")
              .add("electors", &Options::electors, "how many of its first agents may lead it; as they are told",
                   {.least = 1})
              .add("retry", &Options::retry, "time without an answer after which a job is offered again",
                   {.least = std::chrono::nanoseconds(1)})
              .add("job", &Options::job, "what each request asks for");
      return table;
    }
  };

  JobOwner(const Options& options, const Deployment& deployment)
      : retry_(options.retry),
        section_(options.job),
        draws_(Stream(deployment.seed, "job").child(index(deployment.self))) {
    const AgentRange members = deployment.roster.find(options.members)->agents;
    for (std::uint32_t i = 0; i < std::min(options.electors, members.count); i++) electors_.push_back(members[i]);
  }

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    if (!deployment.roster.find(options.members)) {
      std::vector<std::string> names;
      for (const Group& known : deployment.roster.groups()) names.push_back(known.name);
      const Value* key = written.find("members");
      diagnostics.error(key ? key->at : written.at, fmt::format("there is no group `{}`", options.members),
                        suggestion(options.members, names));
    }
    const Value* job = written.find("job");
    if (!well_formed(make_job(options.job, Stream(0, "job"))))
      diagnostics.error(job ? job->at : written.at, "a task comes before one that it needs",
                        "`after` holds numbers of tasks that are above it in `graph`, from 0");
  }

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input, [&](const Request& wanted) { submit(view, wanted.number, out); },
        [&](const TimerFired& timer) { offer(timer.key.id, out); },
        [&](const Message& message) {
          if (const auto* report = message.body->as<HierarchyReport>()) hear(message.from, *report, out);
        },
        [&](const Restarted&) {
          for (const auto& [id, job] : open_) offer(id, out);
        });
  }

 private:
  void submit(const View& view, std::uint64_t number, Outbox& out) {
    HierarchyJob job;
    job.job = std::uint64_t{index(view.self)} << 32 | number;
    job.tasks = make_job(section_, draws_.child(number));
    out.emit(JobSubmitted{.job = job.job, .tasks = job.tasks.size()});
    const std::uint64_t id = job.job;
    open_[id] = share(std::move(job));
    offer(id, out);
  }

  void offer(std::uint64_t id, Outbox& out) {
    const auto job = open_.find(id);
    if (job == open_.end()) return;
    out.multicast(electors_, job->second);
    out.set_timer({.id = id}, retry_);
  }

  void hear(AgentId from, const HierarchyReport& report, Outbox& out) {
    if (std::find(electors_.begin(), electors_.end(), from) == electors_.end()) return;
    if (report.epoch < known_) {
      return out.emit(StaleRefused{
          .sender = from, .sent = report.epoch, .known = known_, .message = std::string(HierarchyReport::kName)});
    }
    known_ = report.epoch;
    const auto job = open_.find(report.job);
    if (job == open_.end()) return;
    const std::uint64_t tasks = job->second->tasks.size();
    out.emit(JobAccepted{.epoch = report.epoch,
                         .job = report.job,
                         .completed = tasks - report.failed.size(),
                         .failed = report.failed.size(),
                         .sound = adds_up(*job->second, report)});
    out.cancel_timer({.id = report.job});
    open_.erase(job);
  }

  /// The owner could compute the results itself; it does so only to tell a report that is made up.
  static bool adds_up(const HierarchyJob& job, const HierarchyReport& report) {
    std::uint64_t sum = 0;
    for (std::uint32_t task = 0; task < job.tasks.size(); task++)
      if (!std::binary_search(report.failed.begin(), report.failed.end(), task)) sum += true_value({job.job, task});
    return sum == report.sum;
  }

  const Duration retry_;
  const JobSection section_;
  const Stream draws_;
  std::vector<AgentId> electors_;
  std::map<std::uint64_t, HierarchyJobPtr> open_;
  Epoch known_;
};

const bool registered = ProtocolCatalog::add<JobOwner>(
    {.name = "job_owner", .family = "hierarchy", .summary = "has jobs done by a hierarchy, and checks their results"});

}  // namespace
}  // namespace conclave

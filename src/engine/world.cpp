#include "engine/world.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u.hpp>

#include "engine/platform.hpp"

namespace conclave {

namespace {

namespace sg = simgrid::s4u;

Time simgrid_clock() {
  return Time(Duration(std::llround(sg::Engine::get_clock() * 1e9)));
}

/// Thrown through SimGrid's loop to leave it: the run is over, though activities may still be going on.
struct RunIsOver {};

/// The activities that SimGrid runs for us.
class World {
 public:
  World(const std::vector<sg::Host*>& hosts, Executor& executor) : hosts_(hosts), executor_(executor) {}

  void carry_out(const WorldRequest& request) {
    std::visit(Overload{
                   [&](const StartCompute& wanted) { start(wanted); },
                   [&](const StartFlow& wanted) { start(wanted); },
                   [&](const SwitchHost& wanted) { flip(wanted); },
                   [&](const SwitchLink& wanted) { flip(wanted); },
               },
               request);
  }

  void on_completion(const sg::Activity& activity) {
    const auto live = live_.find(&activity);
    if (live == live_.end()) return;
    const Ticket ticket = live->second.ticket;
    ended_.push_back(std::move(live->second.activity));
    live_.erase(live);
    executor_.finished(ticket, simgrid_clock(), activity.get_state() == sg::Activity::State::FINISHED);
  }

  /// SimGrid still uses an activity while it reports its completion: it is let go afterwards.
  void let_go_of_ended() { ended_.clear(); }

  bool flipping() const { return flipping_; }

 private:
  struct Live {
    Ticket ticket;
    sg::ActivityPtr activity;
    const sg::Host* from;
    const sg::Host* to;
  };

  void start(const StartCompute& wanted) {
    sg::Host* host = hosts_[wanted.host];
    if (!host->is_on()) return executor_.finished(wanted.ticket, executor_.now(), false);
    const sg::ExecPtr exec = sg::Exec::init();
    exec->set_flops_amount(static_cast<double>(wanted.flops))->set_host(host);
    live_.emplace(exec.get(), Live{wanted.ticket, exec, host, host});
    exec->start();
  }

  void start(const StartFlow& wanted) {
    sg::Host* from = hosts_[wanted.from];
    sg::Host* to = hosts_[wanted.to];
    if (!from->is_on() || !to->is_on()) return executor_.finished(wanted.ticket, executor_.now(), false);
    const sg::CommPtr comm = sg::Comm::sendto_init(from, to);
    comm->set_payload_size(wanted.bytes);
    live_.emplace(comm.get(), Live{wanted.ticket, comm, from, to});
    comm->start();
  }

  void flip(const SwitchHost& wanted) {
    sg::Host* host = hosts_[wanted.host];
    flipping_ = true;
    if (wanted.on) {
      host->turn_on();
    } else {
      fail_activities_of(host);
      host->turn_off();
    }
    flipping_ = false;
  }

  /// What runs on a host that dies has failed, whether or not SimGrid gets round to saying so.
  void fail_activities_of(const sg::Host* host) {
    std::vector<std::pair<Ticket, sg::ActivityPtr>> failed;
    for (const auto& [key, live] : live_)
      if (live.from == host || live.to == host) failed.emplace_back(live.ticket, live.activity);
    std::sort(failed.begin(), failed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [ticket, activity] : failed) {
      live_.erase(activity.get());
      ended_.push_back(activity);
      executor_.finished(ticket, executor_.now(), false);
    }
  }

  void flip(const SwitchLink& wanted) {
    flipping_ = true;
    for (const char* half : {"", "_UP", "_DOWN"}) {
      if (sg::Link* link = sg::Link::by_name_or_null(wanted.link + half))
        wanted.on ? link->turn_on() : link->turn_off();
    }
    flipping_ = false;
  }

  const std::vector<sg::Host*>& hosts_;
  Executor& executor_;
  std::map<const sg::Activity*, Live> live_;  // looked up by key; where it is walked, the result is sorted by ticket
  std::vector<sg::ActivityPtr> ended_;
  bool flipping_ = false;
};

class MessageModel final : public simgrid::kernel::resource::Model {
 public:
  MessageModel(Executor& executor, World& world, Time stop_at)
      : Model("conclave"), executor_(executor), world_(world), stop_at_(stop_at) {}

  bool next_occurring_event_is_idempotent() override { return false; }

  double next_occurring_event(double delta) override {
    world_.let_go_of_ended();
    const double clock = sg::Engine::get_clock();
    const Time horizon = delta < 0 ? kNever : Time(Duration(std::llround((clock + delta) * 1e9)));
    executor_.run_until(horizon);
    if (executor_.interrupted() || (executor_.requests().empty() && horizon >= stop_at_)) throw RunIsOver();
    if (executor_.requests().empty()) return delta;
    // Rounding to a double may step back by less than a nanosecond: time does not.
    return std::max(0.0, seconds(executor_.now()) - clock);
  }

  void update_actions_state(double, double) override {}

 private:
  Executor& executor_;
  World& world_;
  const Time stop_at_;
};

}  // namespace

void run_on_simgrid(sg::Engine& engine, const std::vector<sg::Host*>& hosts, Simulation& simulation,
                    Executor& executor) {
  World world(hosts, executor);
  engine.add_model(std::make_shared<MessageModel>(executor, world, simulation.stop_at));
  sg::Activity::on_completion_cb([&world](const sg::Activity& activity) { world.on_completion(activity); });
  sg::Engine::on_time_advance_cb([&world, &executor](double) {
    const std::vector<WorldRequest> requests = std::exchange(executor.requests(), {});
    for (const WorldRequest& request : requests) world.carry_out(request);
  });
  sg::Host::on_state_change_cb([&world](const sg::Host& host) {
    if (world.flipping()) return;
    throw PlatformError(fmt::format(
        "the platform switches host `{}` by a profile of its own: declare it under `outages`", host.get_name()));
  });
  sg::Link::on_state_change_cb([&world](const sg::Link& link) {
    if (world.flipping()) return;
    throw PlatformError(fmt::format(
        "the platform switches link `{}` by a profile of its own: declare it under `outages`", link.get_name()));
  });
  try {
    engine.run();
  } catch (const RunIsOver&) {
  }
}

}  // namespace conclave

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

/// SimGrid's seconds as ours. What lies beyond any run is never.
Time to_time(double seconds) {
  const double ns = seconds * 1e9;
  return ns < static_cast<double>(nanoseconds(kFarFuture)) ? Time(Duration(std::llround(ns))) : kNever;
}

/// Thrown through SimGrid's loop to leave it: the run is over, though activities may still be going on.
struct RunIsOver {};

/// The activities that SimGrid runs for us.
class World {
 public:
  World(const std::vector<sg::Host*>& hosts, Executor& executor) : hosts_(hosts), executor_(executor) {}

  /// What is still going on when the run is over is called off: SimGrid would complain of each activity.
  ~World() {
    const auto unfinished = std::exchange(live_, {});
    for (const auto& [key, live] : unfinished) live.activity->cancel();
  }

  void carry_out_requests() {
    for (const WorldRequest& request : std::exchange(executor_.requests(), {})) carry_out(request);
  }

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
    executor_.finished(ticket, to_time(sg::Engine::get_clock()), activity.get_state() == sg::Activity::State::FINISHED);
  }

  /// SimGrid still uses an activity while it reports its completion: it is let go afterwards.
  void let_go_of_ended() { ended_.clear(); }

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
    if (!from->is_on() || !to->is_on() || !route_is_on(from, to)) {
      return executor_.finished(wanted.ticket, executor_.now(), false);
    }
    const sg::CommPtr comm = sg::Comm::sendto_init(from, to);
    comm->set_payload_size(wanted.bytes);
    live_.emplace(comm.get(), Live{wanted.ticket, comm, from, to});
    comm->start();
  }

  /// SimGrid would let a flow over a link that is off wait for ever, even when the link comes back.
  static bool route_is_on(const sg::Host* from, const sg::Host* to) {
    std::vector<sg::Link*> links;
    from->route_to(to, links, nullptr);
    return std::all_of(links.begin(), links.end(), [](const sg::Link* link) { return link->is_on(); });
  }

  void flip(const SwitchHost& wanted) {
    sg::Host* host = hosts_[wanted.host];
    if (wanted.on) {
      host->turn_on();
    } else {
      fail_activities_of(host);
      host->turn_off();
    }
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
    for (const char* half : {"", "_UP", "_DOWN"}) {
      if (sg::Link* link = sg::Link::by_name_or_null(wanted.link + half))
        wanted.on ? link->turn_on() : link->turn_off();
    }
  }

  const std::vector<sg::Host*>& hosts_;
  Executor& executor_;
  std::map<const sg::Activity*, Live> live_;  // looked up by key; where it is walked, the result is sorted by ticket
  std::vector<sg::ActivityPtr> ended_;
};

class MessageModel final : public simgrid::kernel::resource::Model {
 public:
  MessageModel(Executor& executor, World& world, Time stop_at)
      : Model("conclave"), executor_(executor), world_(world), stop_at_(stop_at) {}

  bool next_occurring_event_is_idempotent() override { return false; }

  double next_occurring_event(double delta) override {
    world_.let_go_of_ended();
    const double clock = sg::Engine::get_clock();
    const Time horizon = delta < 0 ? kNever : to_time(clock + delta);
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
  // SimGrid keeps callbacks for as long as the process lives: they find out by this pointer that the run is over.
  static World* current = nullptr;
  World world(hosts, executor);
  current = &world;
  engine.add_model(std::make_shared<MessageModel>(executor, world, simulation.stop_at));
  sg::Activity::on_completion_cb([](const sg::Activity& activity) {
    if (current) current->on_completion(activity);
  });
  sg::Engine::on_time_advance_cb([](double) {
    if (current) current->carry_out_requests();
  });
  try {
    engine.run();
  } catch (const RunIsOver&) {
  } catch (...) {
    current = nullptr;
    throw;
  }
  current = nullptr;
}

}  // namespace conclave

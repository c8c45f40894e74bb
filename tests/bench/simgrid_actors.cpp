#include "bench/simgrid_actors.hpp"

#include <fmt/core.h>

#include <simgrid/s4u.hpp>

namespace conclave::bench {

namespace {

namespace sg = simgrid::s4u;

constexpr std::uint64_t kBytes = 200;
constexpr double kBytesPerSecond = 1.25e8;  // 1 Gbit/s

struct Voting {
  std::uint32_t rounds;
  ActorsForm form;
  std::vector<sg::Mailbox*> mailboxes;
  std::vector<std::uint32_t> numbers;  ///< of the rounds: what messages point to
  std::uint64_t heard = 0;
};

std::vector<sg::Host*> build_star(std::uint32_t count, ActorsForm form) {
  sg::NetZone* zone = sg::create_star_zone("star");
  std::vector<sg::Host*> hosts;
  for (std::uint32_t i = 0; i < count; i++) {
    const std::string name = fmt::format("host-{}", i);
    const double latency = 500e-6 + 100e-9 * i;
    sg::Host* host = zone->create_host(name, 1e9);
    host->seal();
    if (form == ActorsForm::plain) {
      sg::SplitDuplexLink* link = zone->create_split_duplex_link(name + ".link", kBytesPerSecond);
      link->set_latency(latency)->seal();
      zone->add_route(host->get_netpoint(), nullptr, nullptr, nullptr, {{link, sg::LinkInRoute::Direction::UP}}, true);
    } else {
      sg::Link* link = zone->create_link(name + ".link", kBytesPerSecond);
      link->set_latency(latency)->set_sharing_policy(sg::Link::SharingPolicy::FATPIPE)->seal();
      zone->add_route(host->get_netpoint(), nullptr, nullptr, nullptr, {sg::LinkInRoute(link)}, true);
    }
    hosts.push_back(host);
  }
  zone->seal();
  return hosts;
}

void vote(Voting& voting, std::size_t self) {
  sg::Mailbox* mine = voting.mailboxes[self];
  std::vector<std::uint32_t> votes(voting.rounds);
  std::vector<sg::CommPtr> kept;
  mine->set_receiver(sg::Actor::self());
  for (std::uint32_t round = 0; round < voting.rounds; round++) {
    for (sg::Mailbox* mailbox : voting.mailboxes) {
      if (mailbox == mine) continue;
      if (voting.form == ActorsForm::plain) {
        mailbox->put_init(&voting.numbers[round], kBytes)->detach();
      } else {
        kept.push_back(mailbox->put_async(&voting.numbers[round], kBytes));
      }
    }
    while (votes[round] < voting.mailboxes.size() - 1) {
      votes[*mine->get<std::uint32_t>()]++;
      voting.heard++;
    }
    sg::Comm::wait_all(kept);
    kept.clear();
  }
}

}  // namespace

Measurement vote_with_actors(std::uint32_t agents, std::uint32_t rounds, ActorsForm form) {
  std::vector<std::string> arguments{"bench", "--log=root.thresh:critical"};
  if (form == ActorsForm::fastest) {
    arguments.insert(arguments.end(), {"--cfg=network/crosstraffic:0", "--cfg=network/TCP-gamma:0"});
  }
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int argc = static_cast<int>(arguments.size());
  sg::Engine engine(&argc, argv.data());
  const std::vector<sg::Host*> hosts = build_star(agents, form);
  Voting voting{.rounds = rounds, .form = form};
  for (std::uint32_t i = 0; i < rounds; i++) voting.numbers.push_back(i);
  for (std::uint32_t i = 0; i < agents; i++) voting.mailboxes.push_back(sg::Mailbox::by_name(fmt::format("{}", i)));
  for (std::uint32_t i = 0; i < agents; i++) {
    sg::Actor::create(fmt::format("agent-{}", i), hosts[i], [&voting, i] { vote(voting, i); });
  }
  const Stopwatch loop;
  engine.run();
  return {loop.seconds(), static_cast<double>(voting.heard)};
}

}  // namespace conclave::bench

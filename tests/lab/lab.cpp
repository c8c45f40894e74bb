#include "lab/lab.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "core/units.hpp"

namespace conclave::lab {

const std::vector<Lab::Command>& Lab::commands() {
  static const std::vector<Command> all{
      {"agents", &Lab::agents},       {"behave", &Lab::behave},   {"start", &Lab::start},
      {"request", &Lab::request},     {"advance", &Lab::advance}, {"fire", &Lab::fire},
      {"finish", &Lab::finish},       {"restart", &Lab::restart}, {"deliver", &Lab::deliver},
      {"stabilize", &Lab::stabilize}, {"drop", &Lab::drop},       {"duplicate", &Lab::duplicate},
      {"corrupt", &Lab::corrupt},     {"relay", &Lab::relay},     {"show", &Lab::show},
      {"timers", &Lab::timers},       {"events", &Lab::events},   {"status", &Lab::status},
      {"check", &Lab::check},
  };
  return all;
}

std::string Lab::run(std::string_view text) {
  Arguments arguments(text);
  const std::string name = arguments.need_word("a command");
  const auto command =
      std::find_if(commands().begin(), commands().end(), [&](const Command& known) { return known.name == name; });
  if (command == commands().end()) {
    std::vector<std::string> names;
    for (const Command& known : commands()) names.emplace_back(known.name);
    throw LabError(fmt::format("there is no command `{}`; {}", name, suggestion(name, names)));
  }
  need_start(name != "agents" && name != "behave" && name != "start");
  (this->*command->handle)(arguments);
  arguments.finish();
  return world_.take_page();
}

void Lab::need_start(bool started) const {
  if (started != world_.started())
    throw LabError(started ? "`start` comes first" : "the cast is fixed once it has started");
}

// The cast.

void Lab::agents(Arguments& arguments) {
  while (const auto word = arguments.take_any()) {
    const std::size_t equals = word->find('='), colon = word->find(':');
    if (equals == std::string::npos || colon == std::string::npos || colon < equals)
      throw LabError(fmt::format("`{}` should be group=count:stack", *word));
    const std::string name = word->substr(0, equals);
    const std::int64_t count = parse_integer(std::string_view(*word).substr(equals + 1, colon - equals - 1));
    std::vector<Component> stack;
    for (const std::string& part : split(std::string_view(*word).substr(colon + 1), '+'))
      stack.push_back(parse_component(part));
    world_.add_group(name, static_cast<std::uint32_t>(std::clamp<std::int64_t>(count, 0, UINT32_MAX)), stack);
    const auto everyone = parse_agents(name, world_.roster());
    world_.write(fmt::format("{}  {}", agent_names(everyone, world_.roster()), world_.stack_text(everyone.front())));
  }
}

void Lab::behave(Arguments& arguments) {
  const Component behaviour = parse_component(arguments.need_word("a behaviour"));
  for (const AgentId id : take_agents(arguments)) {
    world_.add_behaviour(id, behaviour);
    world_.write(fmt::format("{}  {}, faulty", world_.roster().name(id), world_.stack_text(id)));
  }
}

void Lab::start(Arguments&) {
  world_.start();
  world_.write(fmt::format("{} agents have started", world_.roster().size()));
}

// What comes from outside.

void Lab::request(Arguments& arguments) {
  const auto payload = static_cast<std::uint32_t>(arguments.take_integer("payload").value_or(0));
  for (const AgentId id : take_agents(arguments)) world_.request(id, payload);
}

void Lab::advance(Arguments& arguments) {
  const std::string written = arguments.need_word("a duration");
  Duration by{};
  if (const auto failed = parse(written, by)) throw LabError(failed->problem + ", expected " + failed->expected);
  world_.advance(by);
  world_.write("now " + text(world_.now().time_since_epoch()));
  for (const PendingTimer& timer : world_.timers())
    if (timer.due <= world_.now())
      world_.write(fmt::format("  {} timer {} is due", world_.roster().name(timer.agent), key_text(timer.key)));
}

void Lab::fire(Arguments& arguments) {
  if (arguments.take_flag("due")) return fire_due();
  const auto wanted = arguments.take_option("timer");
  for (const AgentId id : take_agents(arguments)) {
    const std::vector<PendingTimer> pending = world_.timers();
    const auto timer = std::find_if(pending.begin(), pending.end(), [&](const PendingTimer& candidate) {
      return candidate.agent == id && (!wanted || *wanted == key_text(candidate.key));
    });
    if (timer == pending.end()) {
      world_.write(fmt::format("{} has no such timer pending", world_.roster().name(id)));
    } else {
      world_.fire(id, timer->key);
    }
  }
}

void Lab::fire_due() {
  // A timer that is set anew while others fire waits for the next `fire due`, or this could go on for ever.
  std::size_t fired = 0;
  for (const PendingTimer& timer : world_.timers()) {
    const std::vector<PendingTimer> pending = world_.timers();
    if (timer.due > world_.now() || std::find(pending.begin(), pending.end(), timer) == pending.end()) continue;
    world_.fire(timer.agent, timer.key);
    fired++;
  }
  if (fired == 0) world_.write("no timer is due");
}

void Lab::finish(Arguments& arguments) {
  const bool completed = !arguments.take_flag("failed");
  for (const AgentId id : take_agents(arguments)) {
    const std::vector<WorkKey> pending = world_.work_of(id);
    if (pending.empty()) world_.write(fmt::format("{} has no work", world_.roster().name(id)));
    for (const WorkKey key : pending) world_.finish(id, key, completed);
  }
}

void Lab::restart(Arguments& arguments) {
  for (const AgentId id : take_agents(arguments)) world_.restart(id);
}

// Messages in flight.

void Lab::deliver(Arguments& arguments) {
  arguments.take_flag("all");
  const bool quiet = arguments.take_flag("quiet");
  const std::vector<Flight> chosen = matching(arguments);
  world_.set_quiet(quiet);
  for (const Flight flight : chosen) world_.deliver(flight);
  world_.set_quiet(false);
}

void Lab::stabilize(Arguments& arguments) {
  const bool quiet = arguments.take_flag("quiet");
  const auto filter = take_filters(arguments);
  std::size_t rounds = 0, deliveries = 0;
  world_.set_quiet(quiet);
  std::vector<Flight> chosen = filter();
  for (; !chosen.empty() && deliveries < kDeliveriesMax; chosen = filter()) {
    rounds++;
    if (!quiet) world_.write(fmt::format("round {}", rounds));
    chosen.resize(std::min(chosen.size(), kDeliveriesMax - deliveries));
    for (const Flight flight : chosen) world_.deliver(flight);
    deliveries += chosen.size();
  }
  world_.set_quiet(false);
  world_.write(chosen.empty() ? fmt::format("quiet after {} messages in {} rounds", deliveries, rounds)
                              : fmt::format("STOPPED at the limit of {} messages", kDeliveriesMax));
}

void Lab::drop(Arguments& arguments) {
  const std::vector<Flight> chosen = matching(arguments);
  list(chosen, "lost: ");
  for (const Flight flight : chosen) world_.drop(flight);
}

void Lab::duplicate(Arguments& arguments) {
  const std::vector<Flight> chosen = matching(arguments);
  list(chosen, "twice: ");
  for (const Flight flight : chosen) world_.duplicate(flight);
}

void Lab::corrupt(Arguments& arguments) {
  const auto bit = arguments.take_integer("bit");
  if (!bit) throw LabError("bit=N is missing");
  for (const Flight flight : matching(arguments)) world_.corrupt(flight, *bit);
}

void Lab::relay(Arguments& arguments) {
  const AgentId by = take_agent(arguments, "by");
  for (const Flight flight : matching(arguments)) world_.relay(flight, by);
}

// What can be seen.

void Lab::show(Arguments& arguments) {
  list(matching(arguments), "");
}

void Lab::timers(Arguments&) {
  const std::vector<PendingTimer> pending = world_.timers();
  if (pending.empty()) world_.write("no timer is pending");
  for (const PendingTimer& timer : pending)
    world_.write(fmt::format("{}  {} timer {}", text(timer.due.time_since_epoch()), world_.roster().name(timer.agent),
                             key_text(timer.key)));
}

void Lab::events(Arguments& arguments) {
  const auto written = arguments.take_word();
  const auto of = written ? parse_agents(*written, world_.roster()) : std::vector<AgentId>();
  std::size_t shown = 0;
  for (const Event& event : world_.events()) {
    if (written && !std::binary_search(of.begin(), of.end(), event.agent)) continue;
    world_.write(world_.describe(event));
    shown++;
  }
  if (shown == 0) world_.write("nothing has been emitted");
}

void Lab::status(Arguments&) {
  world_.write("now " + text(world_.now().time_since_epoch()));
  const std::vector<PendingTimer> pending = world_.timers();
  const auto count = [](const auto& all, const auto& wanted) { return std::count_if(all.begin(), all.end(), wanted); };
  for (std::uint32_t i = 0; i < world_.roster().size(); i++) {
    const AgentId id = agent(i);
    world_.write(fmt::format("{}  {}{}: {} messages to it, {} timers, {} work, {} events", world_.roster().name(id),
                             world_.stack_text(id), world_.roster().honest(id) ? "" : ", faulty",
                             count(world_.in_flight(), [id](const auto& flight) { return flight.first.to == id; }),
                             count(pending, [id](const PendingTimer& timer) { return timer.agent == id; }),
                             world_.work_of(id).size(),
                             count(world_.events(), [id](const Event& event) { return event.agent == id; })));
  }
}

void Lab::check(Arguments& arguments) {
  const RunFacts facts{world_.roster(), World::kSeed, kStartOfRun, world_.now()};
  while (const auto word = arguments.take_any()) {
    const Component component = parse_component(*word);
    const auto checker = choose<CheckerCatalog>(component, facts).make(facts);
    if (!checker->interests().contains(EventKind::emitted))
      throw LabError(fmt::format("the lab records only what is emitted, which `{}` does not want", component.name));
    for (const Event& event : world_.events()) checker->observe(event);
    const Verdict verdict = checker->conclude({world_.now(), false});
    world_.write(fmt::format("{} {}: {}", component.name, verdict.holds ? "holds" : "FAILS", verdict.detail));
  }
}

// Reading arguments.

std::vector<AgentId> Lab::take_agents(Arguments& arguments) const {
  return parse_agents(arguments.need_word("which agents"), world_.roster());
}

AgentId Lab::take_agent(Arguments& arguments, std::string_view key) const {
  const auto written = arguments.take_option(key);
  const auto agents = written ? parse_agents(*written, world_.roster()) : std::vector<AgentId>();
  if (agents.size() != 1) throw LabError(fmt::format("{}=AGENT should name one agent", key));
  return agents.front();
}

std::function<std::vector<Flight>()> Lab::take_filters(Arguments& arguments) const {
  const auto agents = [&](std::string_view key) {
    const auto written = arguments.take_option(key);
    return written ? std::optional(parse_agents(*written, world_.roster())) : std::nullopt;
  };
  const auto from = agents("from"), to = agents("to");
  const auto kind = arguments.take_option("kind"), field = arguments.take_option("with");
  const auto first = arguments.take_integer("first");
  arguments.finish();
  if (kind && !find_record_type(*kind)) throw LabError(fmt::format("there is no kind of message `{}`", *kind));
  return [=, this] {
    const auto among = [](const auto& allowed, AgentId id) {
      return !allowed || std::binary_search(allowed->begin(), allowed->end(), id);
    };
    std::vector<Flight> chosen;
    for (const auto& [flight, body] : world_.in_flight()) {
      if (first && chosen.size() >= static_cast<std::size_t>(*first)) break;
      if (!among(from, flight.from) || !among(to, flight.to)) continue;
      if (kind && *kind != body->type->name) continue;
      if (field && (body->text() + " ").find(" " + *field + " ") == std::string::npos) continue;
      chosen.push_back(flight);
    }
    return chosen;
  };
}

std::vector<Flight> Lab::matching(Arguments& arguments) {
  std::vector<Flight> chosen = take_filters(arguments)();
  if (chosen.empty()) world_.write("no such message is in flight");
  return chosen;
}

void Lab::list(const std::vector<Flight>& flights, std::string_view prefix) {
  struct Line {
    Flight any;
    const Record* body;
    std::vector<AgentId> receivers;
  };
  std::vector<Line> lines;
  for (const Flight flight : flights) {
    const Record* body = world_.in_flight().at(flight).get();
    const auto same = std::find_if(lines.begin(), lines.end(), [&](const Line& line) {
      return line.any.from == flight.from && line.any.message == flight.message && line.any.copy == flight.copy &&
             line.body == body;
    });
    Line& line = same != lines.end() ? *same : lines.emplace_back(Line{flight, body, {}});
    line.receivers.push_back(flight.to);
  }
  for (const Line& line : lines)
    world_.write(fmt::format("{}{} -> {}{}  {}", prefix, world_.roster().name(line.any.from),
                             agent_names(line.receivers, world_.roster()), line.any.copy > 0 ? " (a copy)" : "",
                             line.body->text()));
}

}  // namespace conclave::lab

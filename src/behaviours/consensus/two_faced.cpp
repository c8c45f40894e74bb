// Two-faced: an equivocating primary and a backup that votes for both, in any protocol. Behind one name and one key run
// two honest instances, the faces. Each honest replica of the group sees one face only; the clients' requests reach the
// second face in another order, so as primary the faces propose different values for a slot, both of them sound.
//
//                    ┌── face 1 ──► honest replicas of the first part
//   clients ──► name ┤      ▲ wrapped: "this is from my face 1"
//                    │      ▼
//                    │   faces of the accomplices: all faulty members of the group
//                    │      ▲
//                    │      ▼
//                    └── face 2 ──► the others
//
// Accomplices talk face to face: a message between them is wrapped and says which face it is from. So each part of the
// honest replicas sees a group in which all liars agree with it. With f liars of 3f + 1 the parts are f + 1 and f, the
// votes of the other part are missing, and at most one part can decide. With f + 1 liars, f honest and all liars are a
// quorum: both parts decide, each something else.
//
// The faces differ only where two requests are under way at once: have two clients.

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "core/behaviour.hpp"

namespace conclave {
namespace {

/// A message between accomplices, from one face to the same face of the other.
struct Collusion : RecordOf<Collusion> {
  static constexpr std::string_view kName = "collusion";
  std::uint8_t face = 0;
  RecordPtr body;
  static void fields(auto& self, auto& field) {
    field("face", self.face);
    field("body", self.body);
  }
};

class TwoFaced final : public Behaviour {
 public:
  struct Options {
    std::optional<std::uint32_t> first_part;
    bool drawn = false;
    TimeWindow window() const { return {}; }
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("first_part", &Options::first_part,
                   "honest replicas that see the first face; half of them, rounded up, if not given")
              .add("drawn", &Options::drawn, "who is of the first part is drawn from the seed; by rank otherwise");
      return table;
    }
  };

  TwoFaced(const Options& options, const Deployment& deployment)
      : Behaviour("two_faced", deployment, options.window()),
        group_(deployment.group.agents),
        roster_(deployment.roster) {
    std::vector<std::pair<std::uint64_t, AgentId>> honest;  // the same at all accomplices
    const Stream plan(deployment.seed, "two_faced parts");
    for (const AgentId id : group_)
      if (roster_.honest(id)) honest.emplace_back(options.drawn ? plan.at(index(id)) : 0, id);
    std::sort(honest.begin(), honest.end());
    const std::size_t half = (honest.size() + 1) / 2;
    const std::size_t first =
        std::min<std::size_t>(options.first_part.value_or(static_cast<std::uint32_t>(half)), honest.size());
    for (std::size_t i = 0; i < first; i++) first_part_.insert(honest[i].second);
  }

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (!second_) {
      second_ = another_inner();
      inject(out, "doubled");
    }
    if (const auto* message = std::get_if<Message>(&input)) return hear(view, *message, out);
    if (const auto* fired = std::get_if<TimerFired>(&input)) {
      const bool of_second = (fired->key.layer & kSecondTwin) != 0;
      TimerKey key = fired->key;
      key.layer &= ~kSecondTwin;
      return give(of_second ? 1 : 0, view, TimerFired{key}, out);
    }
    give(0, view, input, out);
    give(1, view, input, out);
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    if (const auto* timer = std::get_if<SetTimer>(&wanted)) return out.set_timer(own_key(timer->key), timer->after);
    if (const auto* timer = std::get_if<CancelTimer>(&wanted)) return out.cancel_timer(own_key(timer->key));
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message) return out.put(wanted);
    std::vector<AgentId> told, accomplices;
    each_receiver(view, wanted, [&](AgentId to) {
      if (is_accomplice(view, to)) {
        accomplices.push_back(to);
      } else if (!group_.contains(to) || face_for(to) == acting_) {
        told.push_back(to);
      }
    });
    if (!accomplices.empty()) {
      Collusion wrapped;
      wrapped.face = static_cast<std::uint8_t>(acting_);
      wrapped.body = message->body;
      out.multicast(std::move(accomplices), share(std::move(wrapped)));
    }
    if (!told.empty()) out.multicast(std::move(told), message->body);
  }

 private:
  bool is_accomplice(const View& view, AgentId other) const {
    return other != view.self && group_.contains(other) && !roster_.honest(other);
  }
  /// Which face an honest replica sees.
  std::size_t face_for(AgentId replica) const { return first_part_.contains(replica) ? 0 : 1; }

  void hear(const View& view, const Message& message, Outbox& out) {
    if (const auto* wrapped = message.body->as<Collusion>()) {
      if (is_accomplice(view, message.from) && wrapped->face < 2 && wrapped->body)
        give(wrapped->face, view, Message{message.from, wrapped->body}, out);
    } else if (!group_.contains(message.from)) {
      give(0, view, message, out);
      give_in_another_order(view, message, out);
    } else if (is_accomplice(view, message.from)) {  // one that has no faces
      give(0, view, message, out);
      give(1, view, message, out);
    } else {
      give(face_for(message.from), view, message, out);
    }
  }

  /// The second face hears of two requests the later one first. One that comes again is not held back again.
  void give_in_another_order(const View& view, const Message& message, Outbox& out) {
    if (!held_) return void(held_.emplace(message.from, message.body));
    const auto [from, body] = *std::exchange(held_, std::nullopt);
    if (from != message.from) give(1, view, message, out);
    give(1, view, Message{from, body}, out);
    if (from == message.from) give(1, view, message, out);
  }

  void give(std::size_t face, const View& view, const Input& input, Outbox& out) {
    acting_ = face;
    face == 0 ? forward(view, input, out) : forward(*second_, view, input, out);
  }

  TimerKey own_key(TimerKey key) const {
    if (acting_ == 1) key.layer |= kSecondTwin;
    return key;
  }

  const AgentRange group_;
  const Roster& roster_;
  std::set<AgentId> first_part_;
  std::unique_ptr<Protocol> second_;
  std::size_t acting_ = 0;
  std::optional<std::pair<AgentId, RecordPtr>> held_;  ///< a request that the second face does not know yet
};

const bool registered = BehaviourCatalog::add<TwoFaced>(
    {.name = "two_faced",
     .family = "consensus",
     .summary = "shows one face to some replicas and another to the rest: proposes and votes twice",
     .about = "Two honest instances under one name, each seen by a part of the honest replicas, with the clients' "
              "requests in different orders: an equivocating primary, or a backup with two votes. All that are so "
              "collude face to face. f of 3f + 1 can stop a view but not break agreement, f + 1 can. Have two clients.",
     .example = "- { behaviour: two_faced, agents: \"replica[0..1]\", first_part: 2 }"});

}  // namespace
}  // namespace conclave

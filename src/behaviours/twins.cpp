// Twins: two instances of the agent under one name and one key, and every other agent deals with one of them only. Each
// is honest; together they say two things at once. Bano, Sonnino, Chursin, Perelman, Li, Ching and Malkhi, "Twins: BFT
// Systems Made Robust", OPODIS 2021: most Byzantine attacks on consensus are honest code run twice.
//
//   agents of one half ◄──► first instance  ─┐ one name,
//                                            │ one key
//   agents of the other ◄─► second instance ─┘
//
// Start, restarts and requests of the workload reach both, and so does what the agent sends to itself. Timers and work
// are kept apart by a bit in their keys (kSecondTwin in ids.hpp).

#include "core/behaviour.hpp"

namespace conclave {
namespace {

enum class TwinSplit { alternate, halves, drawn };

}  // namespace

template <>
struct Choices<TwinSplit> {
  static constexpr std::pair<TwinSplit, std::string_view> kNames[] = {
      {TwinSplit::alternate, "alternate"}, {TwinSplit::halves, "halves"}, {TwinSplit::drawn, "drawn"}};
};

namespace {

class Twins final : public Behaviour {
 public:
  struct Options {
    TwinSplit split = TwinSplit::alternate;
    TimeWindow window() const { return {}; }
    static const ParamTable& params() {
      static const auto table = Params<Options>().add(
          "split", &Options::split,
          "who deals with which: every other agent of a group, its lower and upper half, or drawn once for each");
      return table;
    }
  };
  Twins(const Options& options, const Deployment& deployment)
      : Behaviour("twins", deployment, options.window()),
        split_(options.split),
        halves_(deployment.seed, "twins halves") {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (!second_) {
      second_ = another_inner();
      inject(out, "doubled");
    }
    if (const auto* message = std::get_if<Message>(&input)) return give(view, message->from, input, out);
    if (const auto* fired = std::get_if<TimerFired>(&input))
      return of_second(fired->key) ? give_second(view, TimerFired{first_key(fired->key)}, out)
                                   : give_first(view, input, out);
    if (const auto* work = std::get_if<WorkFinished>(&input))
      return of_second(work->key) ? give_second(view, WorkFinished{first_key(work->key), work->completed}, out)
                                  : give_first(view, input, out);
    give_first(view, input, out);
    give_second(view, input, out);
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    std::visit(Overload{[&](const Send& send) { speak(view, wanted, send, out); },
                        [&](const Transfer& transfer) {
                          if (transfer.to == view.self || side(view, transfer.to) == stepping_)
                            out.transfer(own_key(transfer.key), transfer.to, transfer.bytes, transfer.body);
                        },
                        [&](const SetTimer& timer) { out.set_timer(own_key(timer.key), timer.after); },
                        [&](const CancelTimer& timer) { out.cancel_timer(own_key(timer.key)); },
                        [&](const Compute& compute) { out.compute(own_key(compute.key), compute.flops); },
                        [&](const Emit&) { out.put(wanted); }},
               wanted);
  }

 private:
  enum class Side { first, second };

  Side side(const View& view, AgentId other) const {
    const AgentRange group = view.roster.group_of(other).agents;
    const std::uint32_t rank = group.rank(other);
    switch (split_) {
      case TwinSplit::alternate: return rank % 2 == 0 ? Side::first : Side::second;
      case TwinSplit::halves: return rank < (group.count + 1) / 2 ? Side::first : Side::second;
      case TwinSplit::drawn: break;
    }
    return halves_.child(index(other)).at(0) % 2 == 0 ? Side::first : Side::second;
  }

  void give(const View& view, AgentId from, const Input& input, Outbox& out) {
    if (from == view.self || side(view, from) == Side::first) give_first(view, input, out);
    if (from == view.self || side(view, from) == Side::second) give_second(view, input, out);
  }
  void give_first(const View& view, const Input& input, Outbox& out) {
    stepping_ = Side::first;
    forward(view, input, out);
  }
  void give_second(const View& view, const Input& input, Outbox& out) {
    stepping_ = Side::second;
    forward(*second_, view, input, out);
  }

  /// To those who deal with the instance at hand.
  void speak(const View& view, const Effect& wanted, const Send& send, Outbox& out) const {
    std::vector<AgentId> heard;
    each_receiver(view, wanted, [&](AgentId to) {
      if (to == view.self || side(view, to) == stepping_) heard.push_back(to);
    });
    if (heard.size() == send.to.count(view.self)) return out.put(wanted);
    if (!heard.empty()) out.multicast(std::move(heard), send.body);
  }

  template <class Key>
  static bool of_second(const Key& key) {
    return (key.layer & kSecondTwin) != 0;
  }
  template <class Key>
  static Key first_key(Key key) {
    key.layer &= ~kSecondTwin;
    return key;
  }
  template <class Key>
  Key own_key(Key key) const {
    if (stepping_ == Side::second) key.layer |= kSecondTwin;
    return key;
  }

  const TwinSplit split_;
  const Stream halves_;  ///< the same for all twins of a run
  std::unique_ptr<Protocol> second_;
  Side stepping_ = Side::first;
};

const bool registered =
    BehaviourCatalog::add<Twins>({.name = "twins",
                                  .family = "any",
                                  .summary = "two instances under one name and one key, each for half of the others",
                                  .about = "Both instances are honest and run the whole stack, but each hears and is "
                                           "heard by half of the agents only, so "
                                           "that together they propose and vote twice. Equivocation with sound content "
                                           "in any protocol, without a line of "
                                           "code that knows it. All twins of a run split the others alike.",
                                  .example = "- { behaviour: twins, agents: \"replica[0]\", split: halves }"});

}  // namespace
}  // namespace conclave

// Collude: in each view all colluders do the same thing to the same victims, both drawn from the seed. The plan is a
// pure function of seed and view, so they need not talk to each other, and a run can be repeated.
//
//   behave    nothing is wrong in this view
//   silence   they say nothing
//   withhold  the victims do not get their votes
//   starve    the victims get nothing from them
//   lie       the victims get votes for another digest, the same from all
//
// A random adversary for campaigns over many seeds: what f of 3f + 1 do in this way must never break safety.

#include <array>

#include "behaviours/consensus/selective.hpp"
#include "core/consensus_events.hpp"
#include "core/field_editor.hpp"

namespace conclave {
namespace {

class Collude final : public Selective {
 public:
  struct Options : WindowOptions {
    Probability victims = Probability::of(0.5);
    static const ParamTable& params() {
      static const auto table = window_params<Options>().add(
          "victims", &Options::victims, "that a replica is a victim in a view, drawn for each replica and view");
      return table;
    }
  };
  Collude(const Options& options, const Deployment& deployment)
      : Selective("collude", deployment, options.window()),
        victims_(options.victims),
        plan_(deployment.seed, "collusion") {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    if (const auto* said = std::get_if<Emit>(&wanted))
      if (const auto* entered = said->event->as<ViewEntered>()) view_ = entered->view;
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (message && acts(view) && deed() == Deed::lie && role_of(*message->body) == MessageRole::vote)
      return tell_two_stories(view, wanted, *message, out);
    Selective::on_effect(view, wanted, out);
  }

  bool withholds(const View&, const Record& message, AgentId receiver) override {
    switch (deed()) {
      case Deed::silence: return true;
      case Deed::withhold: return role_of(message) == MessageRole::vote && is_victim(receiver);
      case Deed::starve: return is_victim(receiver);
      case Deed::behave:
      case Deed::lie: break;
    }
    return false;
  }

 private:
  enum class Deed { behave, silence, withhold, starve, lie };
  static constexpr std::array kDeeds{Deed::behave, Deed::silence, Deed::withhold, Deed::starve, Deed::lie};

  struct Contrary final : FieldEditor {
    void digest(std::string_view, Digest& value) override {
      for (std::uint8_t& byte : value.bytes) byte = static_cast<std::uint8_t>(~byte);
    }
    void own_signature(std::string_view, Signature&) override { is_signed = true; }
    bool is_signed = false;
  };

  Deed deed() const { return kDeeds[plan_.child(view_).at(0) % kDeeds.size()]; }
  bool is_victim(AgentId id) const { return victims_.hits(plan_.child(view_).child(index(id)).at(0)); }

  void tell_two_stories(const View& view, const Effect& wanted, const Outgoing& message, Outbox& out) {
    std::vector<AgentId> told_truth, told_lie;
    each_receiver(view, wanted, [&](AgentId to) { (is_victim(to) ? told_lie : told_truth).push_back(to); });
    if (told_lie.empty()) return out.put(wanted);
    Contrary contrary;
    RecordPtr lie = message.body->type->edit(*message.body, contrary);
    if (contrary.is_signed) lie = view.crypto.sign_again(*lie);
    inject(out, "equivocated", message.body->type->name, message.peer, told_lie.size());
    if (!told_truth.empty()) out.multicast(std::move(told_truth), message.body);
    out.multicast(std::move(told_lie), std::move(lie));
  }

  const Probability victims_;
  const Stream plan_;  ///< the same for all colluders of a run
  std::uint64_t view_ = 0;
};

const bool registered = BehaviourCatalog::add<Collude>(
    {.name = "collude",
     .family = "consensus",
     .summary = "all colluders do the same to the same victims, drawn anew for each view",
     .about = "In each view the colluders behave, are silent, withhold their votes from the victims, starve them, or "
              "lie to them, by a plan that follows from the seed. For campaigns over many seeds: up to f of them must "
              "never break safety.",
     .example = "- { behaviour: collude, agents: \"replica[5..6]\" }"});

}  // namespace
}  // namespace conclave

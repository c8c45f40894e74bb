// Equivocate: tells some of its receivers one thing and the others another, each properly signed. A receiver belongs to
// one camp for the whole run, and the same truth always becomes the same lie: so lies support each other, over all
// messages of one liar and between liars.
//
//               ┌─ told the truth ──► prepare digest=d   signed by the liar
//   broadcast ──┤
//               └─ told the lie ────► prepare digest=¬d  signed by the liar
//
// It changes fields without knowing what they mean: digests, or where there are none texts, or else numbers. A proposal
// whose digest no longer fits its content is refused by any sound protocol; to propose two *sound* values, use `twins`.

#include <algorithm>

#include "core/behaviour.hpp"

namespace conclave {
namespace {

class Equivocate final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Probability share = Probability::of(0.5);
    std::vector<std::string> fields;
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>()
              .add("share", &Options::share, "that a receiver is one of those who are told the lie, drawn once")
              .add("fields", &Options::fields,
                   "names of the fields that are changed; if none are given digests, or texts, or numbers");
      return table;
    }
  };
  Equivocate(const Options& options, const Deployment& deployment)
      : Behaviour("equivocate", deployment, options),
        share_(options.share),
        fields_(options.fields),
        camps_(deployment.seed, "equivocate camps") {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !strikes(view, *message->body)) return out.put(wanted);
    std::vector<AgentId> told_truth, told_lie;
    each_receiver(view, wanted, [&](AgentId to) { (believes(to) ? told_lie : told_truth).push_back(to); });
    RecordPtr lie = told_lie.empty() ? nullptr : lie_about(view, *message->body);
    if (!lie) return out.put(wanted);
    const AgentId peer = told_lie.size() == 1 ? told_lie.front() : kNobody;
    inject(out, "equivocated", message->body->type->name, peer, told_lie.size());
    if (told_truth.empty()) return out.put(with_body(wanted, std::move(lie)));
    out.multicast(std::move(told_truth), message->body);
    out.multicast(std::move(told_lie), std::move(lie));
  }

 private:
  /// What may be changed, the most telling first.
  enum class Leaf { digest, text, number, nothing };

  /// Changes the leaves of one type, or only sees which there are.
  struct Lie final : FieldEditor {
    void digest(std::string_view name, Digest& value) override {
      if (!takes(Leaf::digest, name)) return;
      for (std::uint8_t& byte : value.bytes) byte = static_cast<std::uint8_t>(~byte);
    }
    void text(std::string_view name, std::string& value) override {
      if (takes(Leaf::text, name)) value += '!';
    }
    void number(std::string_view name, std::uint64_t& value) override {
      if (takes(Leaf::number, name)) value ^= 1;
    }
    void own_signature(std::string_view, Signature& value) override { signer = value.signer; }

    bool takes(Leaf leaf, std::string_view name) {
      if (names && !names->empty()) {
        if (std::find(names->begin(), names->end(), name) == names->end()) return false;
        return best = Leaf::digest, wanted != Leaf::nothing;
      }
      best = std::min(best, leaf);
      return leaf == wanted;
    }

    const std::vector<std::string>* names = nullptr;
    Leaf wanted = Leaf::nothing;
    Leaf best = Leaf::nothing;  ///< of those seen
    AgentId signer = kNobody;
  };

  bool believes(AgentId receiver) const { return share_.hits(camps_.child(index(receiver)).at(0)); }

  /// Null when there is nothing to change, or when the message is another agent's, which nobody can sign again.
  RecordPtr lie_about(const View& view, const Record& message) const {
    Lie look;
    look.names = &fields_;
    static_cast<void>(message.type->edit(message, look));
    if (look.best == Leaf::nothing || (look.signer != kNobody && look.signer != view.self)) return nullptr;
    Lie change;
    change.names = &fields_;
    change.wanted = look.best;
    RecordPtr changed = message.type->edit(message, change);
    return look.signer == view.self ? view.crypto.sign_again(*changed) : changed;
  }

  const Probability share_;
  const std::vector<std::string> fields_;
  const Stream camps_;  ///< the same for all liars of a run
};

const bool registered = BehaviourCatalog::add<Equivocate>(
    {.name = "equivocate",
     .family = "any",
     .summary = "tells different receivers of one message different things, each properly signed",
     .about =
         "Each receiver belongs to one of two camps for the whole run; one is told the truth and the other a changed "
         "message, signed anew. All liars of a run share the camps and turn the same truth into the same lie, so f of "
         "them are a conspiracy. What changes are digests, or where there are none texts, or else numbers, or the "
         "named "
         "`fields`. The Byzantine fault that quorums are made for.",
     .example = "- { behaviour: equivocate, agents: \"replica[3]\", kinds: [prepare, commit], share: 50% }"});

}  // namespace
}  // namespace conclave

// Forge view changes: what it says when it wants to leave a view is a lie, signed by itself and so far in order.
//
//   ahead   it names a view far ahead, to drag the others there or to make them remember it
//   stale   it repeats the first such message that it ever sent, where a new one is due
//   proof   it spoils what it quotes as proof: every digest in the records inside is another
//
// The best protocols let none of these do anything; `impatient` beside it makes sure that there is something to forge.

#include "behaviours/consensus/roles.hpp"
#include "core/behaviour.hpp"
#include "core/field_editor.hpp"

namespace conclave {

enum class ViewForgery { ahead, stale, proof };

template <>
struct Choices<ViewForgery> {
  static constexpr std::pair<ViewForgery, std::string_view> kNames[] = {
      {ViewForgery::ahead, "ahead"}, {ViewForgery::stale, "stale"}, {ViewForgery::proof, "proof"}};
};

namespace {

class ForgeViewChange final : public Behaviour {
 public:
  struct Options : WindowOptions {
    ViewForgery forgery = ViewForgery::ahead;
    std::uint64_t views = 1000;
    static const ParamTable& params() {
      static const auto table = window_params<Options>()
                                    .add("forgery", &Options::forgery, "what is false about it")
                                    .add("views", &Options::views, "with `ahead`: by how many views", {.least = 1});
      return table;
    }
  };
  ForgeViewChange(const Options& options, const Deployment& deployment)
      : Behaviour("forge_view_change", deployment, options.window()),
        forgery_(options.forgery),
        views_(options.views) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !acts(view) || !concerned(*message->body)) return out.put(wanted);
    inject(out, "forged", *message);
    out.put(with_body(wanted, forged(view, message->body)));
  }

 private:
  struct Ahead final : FieldEditor {
    void number(std::string_view name, std::uint64_t& value) override {
      if (name == "view" || name == "new_view" || name == "round") value += by;
    }
    void own_signature(std::string_view, Signature&) override { is_signed = true; }
    std::uint64_t by = 0;
    bool is_signed = false;
  };
  struct Spoiled final : FieldEditor {
    void digest(std::string_view, Digest& value) override {
      for (std::uint8_t& byte : value.bytes) byte = static_cast<std::uint8_t>(~byte);
    }
    void own_signature(std::string_view, Signature&) override { is_signed = true; }
    bool enters(const Record&) override { return true; }
    bool is_signed = false;
  };

  static bool concerned(const Record& message) {
    const std::optional<MessageRole> role = role_of(message);
    return role == MessageRole::view_change || role == MessageRole::new_view;
  }

  RecordPtr forged(const View& view, const RecordPtr& truth) {
    if (forgery_ == ViewForgery::stale) {
      if (!first_) first_ = truth;
      return first_;
    }
    Ahead ahead;
    ahead.by = views_;
    Spoiled spoiled;
    const bool lies_ahead = forgery_ == ViewForgery::ahead;
    const RecordPtr lie = lies_ahead ? truth->type->edit(*truth, ahead) : truth->type->edit(*truth, spoiled);
    return ahead.is_signed || spoiled.is_signed ? view.crypto.sign_again(*lie) : lie;
  }

  const ViewForgery forgery_;
  const std::uint64_t views_;
  RecordPtr first_;
};

const bool registered = BehaviourCatalog::add<ForgeViewChange>(
    {.name = "forge_view_change",
     .family = "consensus",
     .summary = "lies when it asks for a new view",
     .about = "Its view changes, timeouts and words of new views name a view far ahead, or are old, or quote proofs "
              "that prove nothing; its own signature on them is good. Add `impatient` so that it asks often.",
     .example = "- { behaviour: forge_view_change, agents: \"replica[2]\", forgery: proof }"});

}  // namespace
}  // namespace conclave

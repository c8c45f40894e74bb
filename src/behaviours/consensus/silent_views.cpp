// Silent views: says nothing in every k-th view, and is the best of replicas in the others. Where it leads such a view
// the others wait for a timeout, and where timeouts grow they must also shrink again.

#include "behaviours/consensus/selective.hpp"
#include "core/consensus_events.hpp"

namespace conclave {
namespace {

class SilentViews final : public Selective {
 public:
  struct Options : WindowOptions {
    std::uint64_t every = 2;
    std::uint64_t offset = 0;
    static const ParamTable& params() {
      static const auto table = window_params<Options>()
                                    .add("every", &Options::every, "k: one view in so many is silent", {.least = 1})
                                    .add("offset", &Options::offset, "views v with v mod k equal to this are silent");
      return table;
    }
  };
  SilentViews(const Options& options, const Deployment& deployment)
      : Selective("silent_views", deployment, options.window()), every_(options.every), offset_(options.offset) {}

  static void check(const Options& options, const Deployment&, const Value& written, Diagnostics& diagnostics) {
    if (options.offset < options.every) return;
    const Value* offset = written.find("offset");
    diagnostics.error(offset ? offset->at : written.at, "no view would be silent",
                      fmt::format("expected less than every, {}", options.every));
  }

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    if (const auto* said = std::get_if<Emit>(&wanted))
      if (const auto* entered = said->event->as<ViewEntered>()) view_ = entered->view;
    Selective::on_effect(view, wanted, out);
  }

  bool withholds(const View&, const Record&, AgentId) override { return view_ % every_ == offset_; }

 private:
  const std::uint64_t every_;
  const std::uint64_t offset_;
  std::uint64_t view_ = 0;  ///< that it is in, as it says itself
};

const bool registered = BehaviourCatalog::add<SilentViews>(
    {.name = "silent_views",
     .family = "consensus",
     .summary = "says nothing in every k-th view",
     .about = "In views v with v mod `every` = `offset` nothing leaves it; between them it is honest. With `every` the "
              "size of the group and `offset` its rank, it is silent exactly where it leads: a leader that lets "
              "every one of its views time out, and votes well otherwise.",
     .example = "- { behaviour: silent_views, agents: \"replica[1]\", every: 4, offset: 1 }"});

}  // namespace
}  // namespace conclave

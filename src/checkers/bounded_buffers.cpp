// Bounded buffers: no buffer of a layer holds more than its bound, whatever arrives. Layers say when a buffer is fuller
// than it ever was.

#include <map>

#include "checkers/delivery_checker.hpp"

namespace conclave {
namespace {

class BoundedBuffers final : public DeliveryChecker {
 public:
  struct Options {
    std::optional<std::uint64_t> most;
    static const ParamTable& params() {
      static const auto table = Params<Options>().add(
          "most", &Options::most, "messages in any buffer; each buffer's own bound if not given", {.least = 1});
      return table;
    }
  };
  BoundedBuffers(const Options& options, const RunFacts& facts) : DeliveryChecker(false, facts), most_(options.most) {}

  void observe(const Event& event) override {
    const auto* level = event.record->as<BufferLevel>();
    if (!level || !judges(event.agent)) return;
    std::uint64_t& highest = highest_[level->buffer];
    highest = std::max(highest, level->level);
    const std::uint64_t bound = std::min(level->bound, most_.value_or(level->bound));
    if (level->level > bound)
      fail(fmt::format("{} of {} held {} messages at {:.6f} s, {} at most are allowed", level->buffer,
                       roster().name(event.agent), level->level, seconds(event.time), bound));
  }

  Verdict conclude(const RunEnd&) override {
    std::string fullest;
    for (const auto& [buffer, level] : highest_)
      fullest += fmt::format("{}{} {}", fullest.empty() ? "" : ", ", level, buffer);
    return verdict(fullest.empty() ? "no buffer was used" : fmt::format("at most {}", fullest));
  }

 private:
  const std::optional<std::uint64_t> most_;
  std::map<std::string, std::uint64_t> highest_;
};

const bool registered = CheckerCatalog::add<BoundedBuffers>(
    {.name = "bounded_buffers", .family = "delivery", .summary = "no buffer of a layer exceeds its bound"});

}  // namespace
}  // namespace conclave

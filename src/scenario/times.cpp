// `outages`, `heal_at` and `stop_at`: what happens when must be possible in this order.

#include <fmt/core.h>

#include "scenario/draft.hpp"

namespace conclave {

namespace {

void check_outage(const OutageSection& outage, const Value& written, Duration stop_at, Diagnostics& diagnostics) {
  if (outage.host && outage.link)
    diagnostics.error(place_of(written, "link"), "an outage is of a host or of a link, not of both",
                      "write two outages");
  if (!outage.host && !outage.link) diagnostics.error(written.at, "this outage names neither a host nor a link");
  if ((outage.host && outage.host->empty()) || (outage.link && outage.link->empty()))
    diagnostics.error(written.at, "the name of what is off is empty");
  if (outage.until && *outage.until <= outage.at)
    diagnostics.error(place_of(written, "until"),
                      fmt::format("over at {}, before it begins at {}", text(*outage.until), text(outage.at)));
  if (stop_at > Duration::zero() && outage.at >= stop_at)
    diagnostics.error(place_of(written, "at"),
                      fmt::format("begins at {}, when the run is over at {}", text(outage.at), text(stop_at)));
}

}  // namespace

void check_times(Draft& draft) {
  const ScenarioSection& section = draft.section;
  const bool ends = section.stop_at > Duration::zero();  // reported if not
  if (ends && section.heal_at > section.stop_at)
    draft.diagnostics.error(
        place_of(draft.document, "heal_at"),
        fmt::format("heals at {}, when the run is over at {}", text(section.heal_at), text(section.stop_at)));
  const Value* written = draft.document.find("outages");
  for (std::size_t i = 0; i < section.outages.size(); i++)
    if (written->items[i].is_map())
      check_outage(section.outages[i], written->items[i], section.stop_at, draft.diagnostics);
}

}  // namespace conclave

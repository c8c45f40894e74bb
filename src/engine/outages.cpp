#include "engine/outages.hpp"

namespace conclave {

OutageList tidy(OutageList outages) {
  std::sort(outages.begin(), outages.end(), [](const Outage& a, const Outage& b) { return a.from < b.from; });
  OutageList joined;
  for (const Outage& outage : outages) {
    if (!joined.empty() && outage.from <= joined.back().until) {
      joined.back().until = std::max(joined.back().until, outage.until);
    } else {
      joined.push_back(outage);
    }
  }
  return joined;
}

}  // namespace conclave

#include "core/catalog.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

namespace conclave {

namespace {

std::vector<ComponentInfo>& components() {
  static std::vector<ComponentInfo> all;
  return all;
}

}  // namespace

const std::vector<ComponentInfo>& all_components() {
  return components();
}

void note_component(const ComponentInfo& info) {
  std::vector<ComponentInfo>& all = components();
  const auto key = [](const ComponentInfo& component) { return std::pair(component.kind, component.name); };
  const auto at =
      std::lower_bound(all.begin(), all.end(), key(info),
                       [&](const ComponentInfo& component, const auto& wanted) { return key(component) < wanted; });
  if (at != all.end() && key(*at) == key(info)) {
    fmt::print(stderr, "internal error: two components are the {} \"{}\"\n", info.kind, info.name);
    std::abort();
  }
  all.insert(at, info);
}

}  // namespace conclave

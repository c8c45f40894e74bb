// Which agent lives on which host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/scenario.hpp"

namespace conclave {

/// True if `pattern`, in which `*` stands for any text, matches the whole of `name`.
bool matches(std::string_view pattern, std::string_view name);

/// The host of every agent, as indices into `hosts`. A group that names its hosts takes them in turn; the others take
/// all hosts in turn, one group after the other. Throws PlatformError if a pattern matches no host.
std::vector<std::uint32_t> place_agents(const Scenario& scenario, const std::vector<std::string>& hosts);

}  // namespace conclave

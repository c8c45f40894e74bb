// Units of results: what the end of a name says of its number.
#pragma once

#include <string>
#include <string_view>

namespace conclave {

/// `ns`, `s`, `B`, `1/s`, or `1` for what is counted.
inline std::string unit_of_path(std::string_view path) {
  if (path.starts_with("count(") || path.ends_with(".count")) return "1";
  if (path.ends_with(')')) path.remove_suffix(1);
  if (path.ends_with("_per_s")) return "1/s";
  if (path.ends_with("_ns") || path.find("_ns.") != path.npos || path.find("_ns[") != path.npos) return "ns";
  if (path.ends_with("_s")) return "s";
  return path.find("bytes") != path.npos ? "B" : "1";
}

}  // namespace conclave

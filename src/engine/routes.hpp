// What every pair of hosts costs a message, in a table that does not grow with the pairs.
//
// Hosts of one zone mostly differ only in their access link, so a route is split into the sender's access link, a core
// that depends on the two zones, and the receiver's access link. The split is read off SimGrid's routes and then
// checked against them; hosts of a zone that cannot be split so become zones of their own. 10 000 hosts have 10^8
// pairs, but few zones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace conclave {

/// How long bytes take at a bandwidth, without dividing: nanoseconds per byte as a 32.32 fixed-point number.
class SerialisationRate {
 public:
  SerialisationRate() = default;
  /// Requires at least kBandwidthMin bits per second.
  explicit SerialisationRate(double bits_per_second);
  static SerialisationRate instant() { return {}; }
  Duration of(std::uint64_t bytes) const {
    __extension__ using Wide = unsigned __int128;
    const Wide ns = (static_cast<Wide>(bytes) * ns_per_byte_ + kHalf) >> 32;
    return ns < static_cast<Wide>(kLongestDuration.count()) ? Duration(static_cast<std::int64_t>(ns))
                                                            : kLongestDuration;
  }
  bool operator==(const SerialisationRate&) const = default;
  /// The slower of two.
  friend SerialisationRate slower(SerialisationRate a, SerialisationRate b) {
    return a.ns_per_byte_ < b.ns_per_byte_ ? b : a;
  }
  friend SerialisationRate faster(SerialisationRate a, SerialisationRate b) {
    return a.ns_per_byte_ < b.ns_per_byte_ ? a : b;
  }

 private:
  static constexpr std::uint64_t kHalf = std::uint64_t{1} << 31;
  std::uint64_t ns_per_byte_ = 0;
};

/// A link slower than this is refused: its bytes would take more time than simulations last.
inline constexpr double kBandwidthMin = 1000;

/// A host's own link, in both directions.
struct Access {
  Duration up_latency{};
  Duration down_latency{};
  SerialisationRate up;
  SerialisationRate down;
};

/// Zones of a route table at most: it holds the square of that.
inline constexpr std::size_t kZonesMax = 2048;

struct RouteTable {
  struct Core {
    Duration latency{};
    SerialisationRate rate;
  };

  std::vector<Access> access;       ///< by host
  std::vector<std::uint32_t> zone;  ///< by host
  std::uint32_t zones = 0;
  std::vector<Core> core;       ///< by [from zone * zones + to zone]
  Duration loopback{};          ///< between agents of one host
  Duration smallest_latency{};  ///< of any two hosts, loopback included: the lookahead

  const Core& between(std::uint32_t from, std::uint32_t to) const { return core[zone[from] * zones + zone[to]]; }
  /// One-way latency between two hosts.
  Duration latency(std::uint32_t from, std::uint32_t to) const {
    if (from == to) return loopback;
    return access[from].up_latency + between(from, to).latency + access[to].down_latency;
  }
};

}  // namespace conclave

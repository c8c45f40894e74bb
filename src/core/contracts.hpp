// Contracts of delivery as data: what can be promised of messages, in which order, against which faults, and by which
// layers. `conclave explain contracts` prints them; tests/unit/delivery_contracts.cpp runs each that holds, and for
// each that is impossible an attack that shows it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace conclave {

enum class Guarantee : std::uint8_t { at_most_once, at_least_once, effectively_once };
enum class DeliveryOrder : std::uint8_t { none, fifo, per_key, dag, causal, total };
/// Of agents, besides links that lose, double, delay and reorder but let some of what is repeated through.
enum class FaultModel : std::uint8_t {
  no_crash,
  crash_stop,      ///< some agents stop for good
  crash_recovery,  ///< agents are off for a time and come back with what they knew
  byzantine        ///< some agents do anything
};
enum class ContractStatus : std::uint8_t { holds, impossible, not_offered };

std::string_view name(Guarantee guarantee);
std::string_view name(DeliveryOrder order);
std::string_view name(FaultModel faults);
std::string_view name(ContractStatus status);

struct DeliveryContract {
  Guarantee guarantee;
  DeliveryOrder order;
  FaultModel faults;
  ContractStatus status;
  std::string_view stack;   ///< layers with commas, outermost first, or a protocol of consensus; empty if there is none
  std::string_view reason;  ///< why it is impossible or not offered; a remark otherwise, perhaps empty
};

/// All combinations, ordered by guarantee, order and faults.
const std::vector<DeliveryContract>& contracts();

/// The checkers that judge a contract which layers keep, as a scenario names them.
std::vector<std::string> checks_of(const DeliveryContract& contract);

/// For people: a matrix for each fault model, and what the cells mean.
std::string contracts_text();

}  // namespace conclave

#include "core/contracts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace conclave {

namespace {

struct Cell {
  ContractStatus status = ContractStatus::not_offered;
  std::string_view stack{};
  std::string_view reason{};
};

constexpr std::size_t kOrders = 6;
constexpr std::size_t kFaults = 4;
using Table = std::array<std::array<Cell, kFaults>, kOrders>;

constexpr auto holds = ContractStatus::holds;
constexpr auto impossible = ContractStatus::impossible;
constexpr auto not_offered = ContractStatus::not_offered;

constexpr std::string_view kNoDetector =
    "a message may be lost with its sender, and its receiver cannot tell that from a slow one: it must hold back what "
    "depends on it for ever, or hand that over too early if it was only slow";
constexpr std::string_view kInflation =
    "strong safety and liveness of causal order cannot both be had with one liar in an asynchronous network (Misra, "
    "Kshemkalyani, TPDS 2024): who is told of messages that never were passes it on, and honest messages wait for ever";
constexpr std::string_view kHiding = "a liar that passes messages on can hide what they depend on";
constexpr std::string_view kVacuous =
    "safety only: what depends on a message that was lost with its sender is never handed over";
constexpr std::string_view kConsensus =
    "total order that survives its sequencer is consensus; from heal_at on, in partial synchrony";
constexpr std::string_view kStopped = "of those that go on";
constexpr std::string_view kHonest = "between honest agents: a liar harms what it sends itself";

constexpr std::array<Cell, kFaults> between(std::string_view stack) {
  return {Cell{holds, stack}, Cell{holds, stack, kStopped}, Cell{holds, stack}, Cell{holds, stack, kHonest}};
}

// Columns: no crash, crash-stop, crash-recovery, Byzantine.

constexpr std::array<Cell, kFaults> kTotal = {
    Cell{holds, "exactly_once, sequencer"}, Cell{holds, "raft", kConsensus},
    Cell{holds, "exactly_once, sequencer", "while the sequencer is off everybody waits"},
    Cell{holds, "pbft", kConsensus}};

constexpr std::array<Cell, kFaults> kCausal = {Cell{holds, "exactly_once, causal"}, Cell{impossible, "", kNoDetector},
                                               Cell{holds, "exactly_once, causal"}, Cell{impossible, "", kInflation}};

constexpr Table kAtMostOnce = {
    between("at_most_once"),
    between("fifo"),
    between("per_key"),
    between("exactly_once, dag"),
    {Cell{holds, "exactly_once, causal"}, Cell{holds, "exactly_once, causal", kVacuous},
     Cell{holds, "exactly_once, causal"}, Cell{not_offered, "", kHiding}},
    kTotal,
};
constexpr Table kAtLeastOnce = {
    between("at_least_once"),
    between("exactly_once, fifo"),
    between("exactly_once, per_key"),
    between("exactly_once, dag"),
    kCausal,
    kTotal,
};
constexpr Table kEffectivelyOnce = {
    between("exactly_once"),
    between("exactly_once, fifo"),
    between("exactly_once, per_key"),
    between("exactly_once, dag"),
    kCausal,
    kTotal,
};
constexpr const Table* kTables[] = {&kAtMostOnce, &kAtLeastOnce, &kEffectivelyOnce};

constexpr std::string_view kGuaranteeNames[] = {"at most once", "at least once", "effectively once"};
constexpr std::string_view kOrderNames[] = {"none", "fifo", "per key", "dag", "causal", "total"};
constexpr std::string_view kFaultNames[] = {"no crash", "crash-stop", "crash-recovery", "Byzantine"};
constexpr std::string_view kStatusNames[] = {"holds", "impossible", "not offered"};

template <class Enum>
std::size_t position(Enum value) {
  return static_cast<std::size_t>(value);
}

/// The columns of a row of the matrix.
std::string row_text(std::string_view title, const auto& cell_of) {
  std::string line = fmt::format("  {:<17}", title);
  for (std::size_t order = 0; order < kOrders; order++) line += fmt::format("{:<13}", cell_of(order));
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::string_view name(Guarantee guarantee) {
  return kGuaranteeNames[position(guarantee)];
}
std::string_view name(DeliveryOrder order) {
  return kOrderNames[position(order)];
}
std::string_view name(FaultModel faults) {
  return kFaultNames[position(faults)];
}
std::string_view name(ContractStatus status) {
  return kStatusNames[position(status)];
}

const std::vector<DeliveryContract>& contracts() {
  static const std::vector<DeliveryContract> all = [] {
    std::vector<DeliveryContract> built;
    for (std::size_t guarantee = 0; guarantee < std::size(kTables); guarantee++)
      for (std::size_t order = 0; order < kOrders; order++)
        for (std::size_t faults = 0; faults < kFaults; faults++) {
          const Cell& cell = (*kTables[guarantee])[order][faults];
          built.push_back({static_cast<Guarantee>(guarantee), static_cast<DeliveryOrder>(order),
                           static_cast<FaultModel>(faults), cell.status, cell.stack, cell.reason});
        }
    return built;
  }();
  return all;
}

std::vector<std::string> checks_of(const DeliveryContract& contract) {
  std::vector<std::string> checks{"delivery_integrity", "bounded_buffers"};
  if (contract.guarantee != Guarantee::at_least_once) checks.emplace_back("no_duplication");
  if (contract.guarantee != Guarantee::at_most_once) checks.emplace_back("conservation");
  if (contract.guarantee != Guarantee::at_most_once) checks.emplace_back("sender_belief");
  static constexpr std::string_view kOrderChecks[] = {
      "", "fifo_order", "key_order", "dependency_order", "causal_order", "common_order"};
  const std::string_view order = kOrderChecks[position(contract.order)];
  if (!order.empty()) checks.emplace_back(order);
  return checks;
}

std::string contracts_text() {
  std::string text =
      "contracts: what delivery layers promise of messages, in which order, against which faults\n\n"
      "  Links may lose, double, delay and reorder messages, but let some of what is repeated through. Promises are\n"
      "  between agents that do not lie. Crash-recovery: agents come back with what they knew; one that has lost its\n"
      "  memory may be handed a message again whose acknowledgement was lost.\n";
  std::vector<std::string> remarks;
  const auto mark = [&](const DeliveryContract& contract) {
    if (contract.reason.empty()) return std::string(name(contract.status));
    auto known = std::find(remarks.begin(), remarks.end(), contract.reason);
    if (known == remarks.end()) known = remarks.insert(remarks.end(), std::string(contract.reason));
    return fmt::format("{}{}",
                       contract.status == holds        ? "holds "
                       : contract.status == impossible ? "imposs. "
                                                       : "no ",
                       known - remarks.begin() + 1);
  };
  for (std::size_t faults = 0; faults < kFaults; faults++) {
    text += "\n" + row_text(kFaultNames[faults], [&](std::size_t order) { return kOrderNames[order]; });
    for (std::size_t guarantee = 0; guarantee < std::size(kTables); guarantee++)
      text += row_text(kGuaranteeNames[guarantee], [&](std::size_t order) {
        return mark(contracts()[(guarantee * kOrders + order) * kFaults + faults]);
      });
  }
  text += "\n";
  for (std::size_t i = 0; i < remarks.size(); i++) text += fmt::format("  {}  {}\n", i + 1, remarks[i]);
  text += "\n  by these stacks (around any protocol; raft and pbft are protocols themselves)\n";
  for (const DeliveryContract& contract : contracts()) {
    if (contract.status != holds) continue;
    if (contract.faults == FaultModel::no_crash || contract.stack == "raft" || contract.stack == "pbft")
      text += fmt::format("  {:<17}{:<9}{:<15}[{}]\n", name(contract.guarantee), name(contract.order),
                          contract.faults == FaultModel::no_crash ? "" : name(contract.faults), contract.stack);
  }
  return text;
}

}  // namespace conclave

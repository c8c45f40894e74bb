// What auctions emit: the vocabulary shared by their protocols, checkers and outcome. An auction is named by who holds
// it and that agent's own number; a task by the auctioneer's number for it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/auction_terms.hpp"
#include "core/ids.hpp"
#include "core/record.hpp"
#include "core/time.hpp"

namespace conclave {

/// An auctioneer has called for bids.
struct AuctionOpened : RecordOf<AuctionOpened> {
  static constexpr std::string_view kName = "auction_opened";
  std::uint64_t auction = 0;
  AuctionTerms terms;
  std::vector<AuctionTask> tasks;
  std::uint32_t asked = 0;  ///< bidders
  Time deadline;            ///< bids that arrive later do not count
  Duration ends_within{};   ///< every task is done or reported by then, counted from the deadline
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("terms", self.terms);
    field("tasks", self.tasks);
    field("asked", self.asked);
    field("deadline", self.deadline);
    field("ends_within", self.ends_within);
  }
};

/// A bidder has made up its mind about a task. Its true cost and quality are told here to the observers of the run, and
/// to nobody else.
struct BidPlaced : RecordOf<BidPlaced> {
  static constexpr std::string_view kName = "bid_placed";
  AgentId auctioneer = kNobody;
  std::uint64_t auction = 0;
  std::uint64_t task = 0;
  Millionths price = 0;
  Millionths cost = 0;
  Millionths quality = 0;
  Millionths performance = 0;
  static void fields(auto& self, auto& field) {
    field("auctioneer", self.auctioneer);
    field("auction", self.auction);
    field("task", self.task);
    field("price", self.price);
    field("cost", self.cost);
    field("quality", self.quality);
    field("performance", self.performance);
  }
};

/// An auctioneer has taken a bid, or will not, and why.
struct BidTaken : RecordOf<BidTaken> {
  static constexpr std::string_view kName = "bid_taken";
  std::uint64_t auction = 0;
  AgentId bidder = kNobody;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("bidder", self.bidder);
  }
};
struct BidRefused : RecordOf<BidRefused> {
  static constexpr std::string_view kName = "bid_refused";
  std::uint64_t auction = 0;
  AgentId bidder = kNobody;
  std::string reason;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("bidder", self.bidder);
    field("reason", self.reason);
  }
};

/// What an auctioneer expects of a bidder, from experience.
struct CapabilityAssessed : RecordOf<CapabilityAssessed> {
  static constexpr std::string_view kName = "capability_assessed";
  std::uint64_t auction = 0;
  AgentId bidder = kNobody;
  std::uint64_t contracts = 0;         ///< that the experience is from
  Millionths quality_calibration = 0;  ///< delivered over promised, as predicted
  Millionths performance_calibration = 0;
  Millionths reliability = 0;  ///< lower quantile of the posterior
  Millionths failure = 0;      ///< its mean chance of failing
  Millionths risk = 0;         ///< loss to expect in the worst cases
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("bidder", self.bidder);
    field("contracts", self.contracts);
    field("quality_calibration", self.quality_calibration);
    field("performance_calibration", self.performance_calibration);
    field("reliability", self.reliability);
    field("failure", self.failure);
    field("risk", self.risk);
  }
};

/// A bid for a task as it was judged when bidding was over. Bids that cannot be considered have a reason and no score.
struct BidScored : RecordOf<BidScored> {
  static constexpr std::string_view kName = "bid_scored";
  std::uint64_t auction = 0;
  std::uint64_t task = 0;
  AgentId bidder = kNobody;
  std::string infeasible;  ///< why; empty if the bid is considered
  Millionths price = 0;
  std::vector<Millionths> measured;  ///< in the order of the criteria
  std::vector<Millionths> parts;     ///< what each criterion adds to the score
  Millionths risk = 0;
  Millionths score = 0;  ///< all parts, less what the risk costs
  std::uint64_t tie = 0;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("task", self.task);
    field("bidder", self.bidder);
    field("infeasible", self.infeasible);
    field("price", self.price);
    field("measured", self.measured);
    field("parts", self.parts);
    field("risk", self.risk);
    field("score", self.score);
    field("tie", self.tie);
  }
};

/// Bidding in rounds is over: the price that each task has come down to, and who holds it.
struct PricesAgreed : RecordOf<PricesAgreed> {
  static constexpr std::string_view kName = "prices_agreed";
  std::uint64_t auction = 0;
  std::uint64_t rounds = 0;
  std::vector<Millionths> prices;
  std::vector<AgentId> holders;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("rounds", self.rounds);
    field("prices", self.prices);
    field("holders", self.holders);
  }
};

/// A task has been awarded: the `attempt`-th bidder to whom it is offered.
struct TaskAwarded : RecordOf<TaskAwarded> {
  static constexpr std::string_view kName = "task_awarded";
  static constexpr bool kDecision = true;
  std::uint64_t auction = 0;
  std::uint64_t task = 0;
  std::uint32_t attempt = 0;
  AgentId bidder = kNobody;
  Millionths payment = 0;  ///< on delivery
  Millionths score = 0;
  std::string reason;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("task", self.task);
    field("attempt", self.attempt);
    field("bidder", self.bidder);
    field("payment", self.payment);
    field("score", self.score);
    field("reason", self.reason);
  }
};

/// A bidder holds a task from now on, or no longer.
struct TaskHeld : RecordOf<TaskHeld> {
  static constexpr std::string_view kName = "task_held";
  AgentId auctioneer = kNobody;
  std::uint64_t task = 0;
  static void fields(auto& self, auto& field) {
    field("auctioneer", self.auctioneer);
    field("task", self.task);
  }
};
struct TaskLeft : RecordOf<TaskLeft> {
  static constexpr std::string_view kName = "task_left";
  AgentId auctioneer = kNobody;
  std::uint64_t task = 0;
  bool executed = false;
  std::string reason;
  static void fields(auto& self, auto& field) {
    field("auctioneer", self.auctioneer);
    field("task", self.task);
    field("executed", self.executed);
    field("reason", self.reason);
  }
};

/// How a contract ended for the auctioneer.
enum class ContractEnd : std::uint8_t { fulfilled, declined, unanswered, failed, late, below_specification };
inline constexpr std::string_view kContractEndNames[] = {"fulfilled", "declined", "unanswered",
                                                         "failed",    "late",     "below specification"};
constexpr std::string_view name(ContractEnd end) {
  return kContractEndNames[static_cast<std::size_t>(end)];
}

struct ContractEnded : RecordOf<ContractEnded> {
  static constexpr std::string_view kName = "contract_ended";
  std::uint64_t auction = 0;
  std::uint64_t task = 0;
  AgentId bidder = kNobody;
  ContractEnd end{};
  Millionths quality_promised = 0;
  Millionths quality_due = 0;  ///< less than that is below specification
  Millionths quality_delivered = 0;
  Millionths performance_promised = 0;
  Millionths performance_delivered = 0;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("task", self.task);
    field("bidder", self.bidder);
    field("end", self.end);
    field("quality_promised", self.quality_promised);
    field("quality_due", self.quality_due);
    field("quality_delivered", self.quality_delivered);
    field("performance_promised", self.performance_promised);
    field("performance_delivered", self.performance_delivered);
  }
};

/// The auctioneer has paid a bidder.
struct BidderPaid : RecordOf<BidderPaid> {
  static constexpr std::string_view kName = "bidder_paid";
  static constexpr bool kDecision = true;
  std::uint64_t auction = 0;
  std::uint64_t task = 0;
  AgentId bidder = kNobody;
  Millionths amount = 0;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("task", self.task);
    field("bidder", self.bidder);
    field("amount", self.amount);
  }
};

/// The end of a task: done, or reported failed.
struct TaskClosed : RecordOf<TaskClosed> {
  static constexpr std::string_view kName = "task_closed";
  static constexpr bool kDecision = true;
  std::uint64_t auction = 0;
  std::uint64_t task = 0;
  bool done = false;
  AgentId bidder = kNobody;  ///< who has done it
  std::string reason;        ///< why it failed
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("task", self.task);
    field("done", self.done);
    field("bidder", self.bidder);
    field("reason", self.reason);
  }
};

/// An agent of CBBA has begun: what each task is worth to it, how many it can take, how far apart the group's members
/// are.
struct BundlesBegun : RecordOf<BundlesBegun> {
  static constexpr std::string_view kName = "bundles_begun";
  std::vector<Millionths> scores;  ///< by task, from task 1; what is not above 0 it does not want
  std::uint32_t capacity = 0;
  std::uint32_t diameter = 0;  ///< of the graph of who talks to whom
  static void fields(auto& self, auto& field) {
    field("scores", self.scores);
    field("capacity", self.capacity);
    field("diameter", self.diameter);
  }
};

/// An agent of CBBA has heard nothing new for long enough and takes these tasks as its own.
struct BundleAgreed : RecordOf<BundleAgreed> {
  static constexpr std::string_view kName = "bundle_agreed";
  static constexpr bool kDecision = true;
  std::uint64_t rounds = 0;  ///< until what it knows changed for the last time
  std::vector<std::uint64_t> tasks;
  static void fields(auto& self, auto& field) {
    field("rounds", self.rounds);
    field("tasks", self.tasks);
  }
};

}  // namespace conclave

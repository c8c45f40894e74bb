// The messages of auctions, named after the acts of FIPA's contract net interaction protocol (SC00029H): cfp, propose,
// refuse, accept-proposal, reject-proposal, inform-result, failure, cancel. Here rather than with the protocols,
// because misbehaving bidders and auctioneers make messages of their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/auction_terms.hpp"
#include "core/codec.hpp"
#include "core/record.hpp"
#include "core/signature.hpp"

namespace conclave {

/// cfp: what is to be done, how bids will be judged, and until when.
struct CallForBids : RecordOf<CallForBids> {
  static constexpr std::string_view kName = "call_for_bids";
  std::uint64_t auction = 0;
  AuctionTerms terms;
  std::vector<AuctionTask> tasks;
  Time deadline;
  Time answer_by;    ///< losers know by then that they have lost
  Time valid_until;  ///< offers stand so long
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("terms", self.terms);
    field("tasks", self.tasks);
    field("deadline", self.deadline);
    field("answer_by", self.answer_by);
    field("valid_until", self.valid_until);
  }
};

/// What a bidder offers for one task.
struct TaskOffer {
  std::uint64_t task = 0;
  Millionths price = 0;
  std::optional<Millionths> quality;
  std::optional<Millionths> performance;
  Duration duration{};
  static void fields(auto& self, auto& field) {
    field("task", self.task);
    field("price", self.price);
    field("quality", self.quality);
    field("performance", self.performance);
    field("duration", self.duration);
  }
  bool operator==(const TaskOffer&) const = default;
};

/// propose: signed, and bound to one auction of one auctioneer, so that nobody can bring it anywhere else.
struct Bid : RecordOf<Bid> {
  static constexpr std::string_view kName = "bid";
  AgentId auctioneer = kNobody;
  std::uint64_t auction = 0;
  AgentId bidder = kNobody;
  std::vector<TaskOffer> offers;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("auctioneer", self.auctioneer);
    field("auction", self.auction);
    field("bidder", self.bidder);
    field("offers", self.offers);
    field("signature", self.signature);
  }
};
using BidPtr = std::shared_ptr<const Bid>;

/// Where bidding goes on in rounds: what each task can be had for, and who holds it. Who holds nothing may undercut.
struct PriceQuote : RecordOf<PriceQuote> {
  static constexpr std::string_view kName = "price_quote";
  std::uint64_t auction = 0;
  std::uint64_t round = 0;
  std::vector<Millionths> prices;
  std::vector<AgentId> holders;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("round", self.round);
    field("prices", self.prices);
    field("holders", self.holders);
  }
};
struct PriceBid : RecordOf<PriceBid> {
  static constexpr std::string_view kName = "price_bid";
  std::uint64_t auction = 0;
  std::uint64_t round = 0;
  TaskOffer offer;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("round", self.round);
    field("offer", self.offer);
  }
};

/// refuse: no bid, and why.
struct BidDeclined : RecordOf<BidDeclined> {
  static constexpr std::string_view kName = "bid_declined";
  std::uint64_t auction = 0;
  std::string reason;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("reason", self.reason);
  }
};

/// A bid is withdrawn before the deadline.
struct BidWithdrawn : RecordOf<BidWithdrawn> {
  static constexpr std::string_view kName = "bid_withdrawn";
  std::uint64_t auction = 0;
  static void fields(auto& self, auto& field) { field("auction", self.auction); }
};

/// accept-proposal: the task is this bidder's, to be answered by then. Where awards are acknowledged, work begins with
/// the Start that follows the answer; otherwise at once.
struct Award : RecordOf<Award> {
  static constexpr std::string_view kName = "award";
  std::uint64_t auction = 0;
  std::uint64_t task = 0;
  std::uint32_t attempt = 0;
  Millionths payment = 0;
  Time answer_by;
  bool acknowledged = false;
  Time until;  ///< the contract ends then, done or not; where the award is the start
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("task", self.task);
    field("attempt", self.attempt);
    field("payment", self.payment);
    field("answer_by", self.answer_by);
    field("acknowledged", self.acknowledged);
    field("until", self.until);
  }
};
struct AwardAnswer : RecordOf<AwardAnswer> {
  static constexpr std::string_view kName = "award_answer";
  std::uint64_t auction = 0;
  std::uint64_t task = 0;
  std::uint32_t attempt = 0;
  bool accepted = false;
  std::string reason;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("task", self.task);
    field("attempt", self.attempt);
    field("accepted", self.accepted);
    field("reason", self.reason);
  }
};
/// The winner may begin. Travels with the task's input data.
struct ContractStart : RecordOf<ContractStart> {
  static constexpr std::string_view kName = "contract_start";
  std::uint64_t auction = 0;
  std::uint64_t task = 0;
  std::uint32_t attempt = 0;
  Time until;  ///< the contract ends then, done or not
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("task", self.task);
    field("attempt", self.attempt);
    field("until", self.until);
  }
};

/// reject-proposal: nothing is expected of the bidder any more.
struct BidRejected : RecordOf<BidRejected> {
  static constexpr std::string_view kName = "bid_rejected";
  std::uint64_t auction = 0;
  static void fields(auto& self, auto& field) { field("auction", self.auction); }
};
/// cancel: the contract is over.
struct ContractCancelled : RecordOf<ContractCancelled> {
  static constexpr std::string_view kName = "contract_cancelled";
  std::uint64_t auction = 0;
  std::uint64_t task = 0;
  std::uint32_t attempt = 0;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("task", self.task);
    field("attempt", self.attempt);
  }
};

/// inform-result or failure. `quality` stands for what an examination of the result shows.
struct ContractResult : RecordOf<ContractResult> {
  static constexpr std::string_view kName = "contract_result";
  std::uint64_t auction = 0;
  std::uint64_t task = 0;
  std::uint32_t attempt = 0;
  bool completed = false;
  Millionths quality = 0;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("task", self.task);
    field("attempt", self.attempt);
    field("completed", self.completed);
    field("quality", self.quality);
  }
};
struct ContractPayment : RecordOf<ContractPayment> {
  static constexpr std::string_view kName = "contract_payment";
  std::uint64_t auction = 0;
  std::uint64_t task = 0;
  Millionths amount = 0;
  static void fields(auto& self, auto& field) {
    field("auction", self.auction);
    field("task", self.task);
    field("amount", self.amount);
  }
};

/// What an agent of CBBA knows: the winning bid of each task, by whom, and when it last had word of each agent.
struct BundleTable : RecordOf<BundleTable> {
  static constexpr std::string_view kName = "bundle_table";
  std::vector<Millionths> bids;
  std::vector<AgentId> winners;
  std::vector<Time> heard;  ///< by rank in the group
  static void fields(auto& self, auto& field) {
    field("bids", self.bids);
    field("winners", self.winners);
    field("heard", self.heard);
  }
};

}  // namespace conclave

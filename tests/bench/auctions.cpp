// Rows of auctions: one with very many bidders, and very many at once.

#include "bench/bench.hpp"
#include "bench/play.hpp"

namespace conclave::bench {

namespace {

/// From the call to the payment, the work of the winner being nothing.
Measurement many_bidders() {
  return play(
             "platform: { star: { hosts: 10001, latency: 500us, spread: 1ns } }\n"
             "crypto: { signatures: modelled }\n"
             "agents:\n"
             "  - { group: auctioneer, count: 1, stack: [auctioneer], auctioneer: { mechanism: second_price, "
             "bid_window: 1s },\n"
             "      workload: { requests: 1 } }\n"
             "  - { group: bidder, count: 10000, stack: [bidder] }\n"
             "checks: [auction_holders, auction_progress, auction_bids, auction_awards, auction_payments]\n")
      .messages();
}

Measurement many_auctions() {
  return play(
             "platform: { star: { hosts: 101, latency: 500us, spread: 100ns } }\n"
             "crypto: { signatures: modelled }\n"
             "agents:\n"
             "  - { group: auctioneer, count: 1, stack: [auctioneer], auctioneer: { bid_window: 1s },\n"
             "      workload: { requests: 1000, every: 1us } }\n"
             "  - { group: bidder, count: 100, stack: [bidder], bidder: { capacity: 1000 } }\n"
             "checks: [auction_holders, auction_progress, auction_bids, auction_awards, auction_payments]\n")
      .messages();
}

}  // namespace

std::vector<Row> auction_rows() {
  return {{.title = "one auction, 10 000 bidders",
           .counts = "messages",
           .cases = {{"conclave", many_bidders}},
           .targets = {within_milliseconds(1000)},
           .repeats = 3},
          {.title = "1 000 auctions at once, 100 bidders in each",
           .counts = "messages",
           .cases = {{"conclave", many_auctions}},
           .targets = {within_milliseconds(5000)},
           .repeats = 3}};
}

}  // namespace conclave::bench

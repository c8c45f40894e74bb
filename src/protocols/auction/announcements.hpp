// What an auctioneer says of an auction to the observers of the run, with reasons.
#pragma once

#include <string>

#include "core/outbox.hpp"
#include "protocols/auction/session.hpp"

namespace conclave {

/// What is expected of a bidder.
void announce(std::uint64_t auction, AgentId bidder, const Assessment& assessment, Outbox& out);
/// How a bid was judged.
void announce(std::uint64_t auction, const Evaluated& bid, Outbox& out);
/// What the rounds of bidding have come to.
void announce(std::uint64_t auction, const PriceRounds& rounds, Outbox& out);
/// To whom the task at this position is awarded, and why. Requires that the attempt has been counted.
void announce(const Session& session, std::size_t at, const AuctionContract& contract, bool by_score, Outbox& out);
/// That a task is done, by `bidder`, or has failed.
void announce_end(const Session& session, std::size_t at, AgentId bidder, std::string reason, Outbox& out);

}  // namespace conclave

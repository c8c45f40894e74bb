// How the authenticators of a decision grow with n, against table 1 of Yin et al., "HotStuff", PODC 2019:
//
//                  correct leader   leader failure   f leader failures
//     PBFT               n^2             n^3              f n^3
//     Tendermint         n^2             n^2              f n^2
//     HotStuff           n               n                f n
//
// The table leaves out what HotStuff's pacemaker says, which the paper does not fix. Ours tells everyone that a view
// times out, n^2 for each view that fails; it is counted by itself.
//
// As in the paper, authenticators are counted where they are received, a replica's messages to itself included (which
// do not travel here, so what travels is scaled by n / (n - 1)), and a combined certificate is one. Signatures of
// clients, the same in all protocols, are left out. The exponent is the slope of a least-squares line through the
// logarithms; its standard error says how straight that line is.

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/consensus_events.hpp"
#include "core/quorum.hpp"
#include "lab/rehearsal.hpp"
#include "protocols/consensus/hotstuff_messages.hpp"
#include "protocols/consensus/pbft/messages.hpp"
#include "protocols/consensus/tendermint_messages.hpp"

namespace conclave {
namespace {

using lab::Rehearsal;

std::size_t authenticators(const Record& body) {
  if (const auto* proposal = body.as<HotStuffProposal>()) return 1 + proposal->block->justify->proof.signatures.size();
  if (body.as<HotStuffVote>() || body.as<TendermintProposal>() || body.as<TendermintVote>()) return 1;
  if (body.as<PbftPrePrepare>() || body.as<PbftPrepare>() || body.as<PbftCommit>()) return 1;
  if (const auto* change = body.as<PbftViewChange>()) {
    std::size_t count = 1 + (change->stable ? change->stable->proof.signatures.size() : 0);
    for (const PbftPreparedPtr& prepared : change->prepared) count += 1 + prepared->prepares.signatures.size();
    return count;
  }
  if (const auto* news = body.as<PbftNewView>()) {
    std::size_t count = 1 + news->proposals.size();
    for (const PbftViewChangePtr& change : news->view_changes) count += authenticators(*change);
    return count;
  }
  if (body.as<ClientRequest>() || body.as<ClientReply>() || body.as<HotStuffNewView>()) return 0;
  FAIL("nobody has said how many authenticators there are in " << std::string(body.type->name));
  return 0;
}

/// What the pacemaker of HotStuff says when a view has failed.
std::size_t pacemaker_authenticators(const Record& body) {
  const auto* news = body.as<HotStuffNewView>();
  if (!news) return 0;
  return (news->timeout ? 1 : 0) + news->high->proof.signatures.size() +
         (news->after ? news->after->proof.signatures.size() : 0);
}

struct Failures {
  std::uint32_t count = 0;  ///< leaders in a row that fail, from the first one on
  std::uint32_t first = 0;  ///< rank of the first
};

/// The worst that a leader can do to PBFT is to fail when its slot is prepared and not committed: then everyone has a
/// certificate to show. So the first one sends its proposal, and the commits of its view are lost.
Rehearsal::Network failing(Failures failures, std::uint32_t n) {
  return [=](const lab::Letter& letter, Random&) -> std::vector<Duration> {
    const std::uint32_t place = (index(letter.from) + n - failures.first) % n;
    const bool replica = index(letter.from) < n;
    if (replica && place < failures.count && !(place == 0 && letter.body.as<PbftPrePrepare>())) return {};
    if (const auto* commit = letter.body.as<PbftCommit>(); commit && failures.count > 0 && commit->view == 0) return {};
    return {lab::kHop};
  };
}

/// Of the decision of a single request.
double authenticators_per_decision(const std::string& protocol, std::uint32_t n, Failures failures = {},
                                   std::size_t (*count)(const Record&) = authenticators) {
  Rehearsal rehearsal;
  rehearsal.add("replica", n, protocol);
  rehearsal.set_network(failing(failures, n));
  const AgentRange clients = rehearsal.add("client", 1, "consensus_client{ask=all, retry=1000h}");
  std::size_t received = 0;
  rehearsal.on_delivery([&](const lab::Letter& letter) { received += count(letter.body); });
  rehearsal.start();
  rehearsal.request(clients[0]);
  rehearsal.run_until(kStartOfRun + (failures.count == 0 ? std::chrono::hours(0) + std::chrono::milliseconds(500)
                                                         : std::chrono::milliseconds(std::chrono::hours(10))));
  REQUIRE(rehearsal.emitted<RequestCompleted>().size() == 1);
  REQUIRE(rehearsal.emitted<Executed>().size() == n);
  return static_cast<double>(received) * n / (n - 1);
}

struct Fit {
  double exponent;
  double standard_error;
};

Fit fit(const std::vector<double>& x, const std::vector<double>& y) {
  const auto count = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0, residual = 0;
  for (std::size_t i = 0; i < x.size(); i++) mean_x += x[i] / count, mean_y += y[i] / count;
  for (std::size_t i = 0; i < x.size(); i++) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  const double slope = xy / xx;
  for (std::size_t i = 0; i < x.size(); i++) residual += std::pow(y[i] - mean_y - slope * (x[i] - mean_x), 2);
  return {slope, std::sqrt(residual / (count - 2) / xx)};
}

enum class Leaders { correct, one_fails, f_fail };

Failures failures_of(Leaders leaders, const std::string& protocol, std::uint32_t n) {
  const std::uint32_t first = protocol.starts_with("tendermint") ? 1 % n : 0;  // it begins with height 1
  if (leaders == Leaders::correct) return {};
  return {leaders == Leaders::one_fails ? 1 : most_faulty(n), first};
}

Fit growth(const std::string& protocol, Leaders leaders = Leaders::correct, std::uint32_t most = 256,
           std::size_t (*count)(const Record&) = authenticators) {
  constexpr const char* kColumns[] = {"correct leader", "one failure", "f failures"};
  std::vector<double> x, y;
  for (std::uint32_t n = 4; n <= most; n *= 2) {
    x.push_back(std::log(n));
    y.push_back(std::log(authenticators_per_decision(protocol, n, failures_of(leaders, protocol, n), count)));
  }
  const Fit found = fit(x, y);
  MESSAGE(fmt::format("{}, {}: n^{:.3f}, standard error {:.3f}", protocol, kColumns[static_cast<int>(leaders)],
                      found.exponent, found.standard_error));
  return found;
}

void check_growth(const std::string& protocol, double exponent) {
  const Fit found = growth(protocol);
  CAPTURE(protocol);
  CHECK(std::abs(found.exponent - exponent) < 0.05);
  CHECK(found.standard_error < 0.03);
}

}  // namespace

TEST_CASE("authenticators per decision grow as in HotStuff's table 1: correct leader") {
  check_growth("hotstuff{certificates=combined}", 1);
  check_growth("tendermint", 2);
  check_growth("pbft", 2);
}

// Here lower powers of n, which the table does not name, are in the sum as well and flatten small n, and with f leaders
// f = (n - 1) / 3 is a little less than n / 3: hence the wider tolerance.
TEST_CASE("authenticators per decision grow as in HotStuff's table 1: leader failures") {
  const auto check = [](const std::string& protocol, Leaders leaders, double exponent, std::uint32_t most) {
    CAPTURE(protocol);
    CHECK(std::abs(growth(protocol, leaders, most).exponent - exponent) < 0.2);
  };
  const std::string pbft = "pbft{view_timeout=1s, resend=1000h}";
  const std::string tendermint = "tendermint{gossip=1000h}";
  const std::string hotstuff = "hotstuff";
  check(pbft, Leaders::one_fails, 3, 256);
  check(tendermint, Leaders::one_fails, 2, 256);
  check(hotstuff, Leaders::one_fails, 1, 256);
  check(pbft, Leaders::f_fail, 4, 64);
  check(tendermint, Leaders::f_fail, 3, 128);
  // HotStuff's own part of a view that fails is nothing at all: its cost is the pacemaker's.
  check(hotstuff, Leaders::f_fail, 1, 128);
  CHECK(std::abs(growth(hotstuff, Leaders::one_fails, 256, pacemaker_authenticators).exponent - 2) < 0.2);
}

TEST_CASE("authenticators per decision: exact numbers, and the price of certificates that are lists") {
  for (std::uint32_t n = 4; n <= 64; n *= 2) {
    CAPTURE(n);
    const double quorum = byzantine_quorum(n, most_faulty(n));
    CHECK(authenticators_per_decision("tendermint", n) == doctest::Approx(2.0 * n * n + n));
    CHECK(authenticators_per_decision("pbft", n) == doctest::Approx(2.0 * n * n));
    // Four views of n blocks and n votes, and three blocks with a certificate: the first one's parent is genesis.
    CHECK(authenticators_per_decision("hotstuff", n) == doctest::Approx(11.0 * n));
    CHECK(authenticators_per_decision("hotstuff{certificates=list}", n) == doctest::Approx((8 + 3 * quorum) * n));
  }
}

}  // namespace conclave

// How the authenticators of a decision grow with n, against table 1 of Yin et al., "HotStuff", PODC 2019, column
// "correct leader": HotStuff O(n), PBFT O(n^2), Tendermint O(n^2).
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
  if (body.as<ClientRequest>() || body.as<ClientReply>()) return 0;
  FAIL("nobody has said how many authenticators there are in " << std::string(body.type->name));
  return 0;
}

/// Of the decision of a single request, by replicas that nobody disturbs.
double authenticators_per_decision(const std::string& protocol, std::uint32_t n) {
  Rehearsal rehearsal;
  rehearsal.add("replica", n, protocol);
  const AgentRange clients = rehearsal.add("client", 1, "consensus_client{ask=all, retry=1h}");
  std::size_t received = 0;
  rehearsal.on_delivery([&](const lab::Letter& letter) { received += authenticators(letter.body); });
  rehearsal.start();
  rehearsal.request(clients[0]);
  rehearsal.run_until(kStartOfRun + std::chrono::milliseconds(500));
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

Fit growth(const std::string& protocol) {
  std::vector<double> x, y;
  for (std::uint32_t n = 4; n <= 256; n *= 2) {
    x.push_back(std::log(n));
    y.push_back(std::log(authenticators_per_decision(protocol, n)));
  }
  const Fit found = fit(x, y);
  MESSAGE(fmt::format("{}: n^{:.3f}, standard error {:.3f}", protocol, found.exponent, found.standard_error));
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

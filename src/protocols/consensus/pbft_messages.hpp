// The messages of PBFT's normal case, section 4.2 of the paper. Each is signed by its sender over all its fields.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/digest.hpp"
#include "core/record.hpp"
#include "core/signature.hpp"
#include "protocols/consensus/client_messages.hpp"

namespace conclave {

/// <<PRE-PREPARE, v, n, d>, m>: the primary proposes m for sequence number n.
struct PbftPrePrepare : RecordOf<PbftPrePrepare> {
  static constexpr std::string_view kName = "pre_prepare";
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  ClientRequestPtr request;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
    field("request", self.request);
    field("signature", self.signature);
  }
};

/// <PREPARE, v, n, d, i>: a backup has accepted the proposal.
struct PbftPrepare : RecordOf<PbftPrepare> {
  static constexpr std::string_view kName = "prepare";
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
    field("signature", self.signature);
  }
};

/// <COMMIT, v, n, d, i>: a replica has seen a quorum prepare.
struct PbftCommit : RecordOf<PbftCommit> {
  static constexpr std::string_view kName = "commit";
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
    field("signature", self.signature);
  }
};

}  // namespace conclave

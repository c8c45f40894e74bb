// What consensus protocols emit: the vocabulary shared by all of them, by their checkers and by their outcome.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/digest.hpp"
#include "core/ids.hpp"
#include "core/record.hpp"
#include "core/time.hpp"

namespace conclave {

/// A client has asked the group to execute an operation. The digest names the request from here on.
struct RequestIssued : RecordOf<RequestIssued> {
  static constexpr std::string_view kName = "request_issued";
  std::uint64_t request = 0;  ///< the client's own number, from 1
  Digest digest;
  static void fields(auto& self, auto& field) {
    field("request", self.request);
    field("digest", self.digest);
  }
};

/// A leader has proposed a value for a slot.
struct Proposed : RecordOf<Proposed> {
  static constexpr std::string_view kName = "proposed";
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
  }
};

/// A replica knows that a slot's value can never change.
struct Decided : RecordOf<Decided> {
  static constexpr std::string_view kName = "decided";
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
  }
};

/// A replica has applied a slot's request to its state.
struct Executed : RecordOf<Executed> {
  static constexpr std::string_view kName = "executed";
  std::uint64_t sequence = 0;
  AgentId client = kNobody;
  std::uint64_t request = 0;
  Digest digest;
  static void fields(auto& self, auto& field) {
    field("sequence", self.sequence);
    field("client", self.client);
    field("request", self.request);
    field("digest", self.digest);
  }
};

/// A client has accepted the answer to its request.
struct RequestCompleted : RecordOf<RequestCompleted> {
  static constexpr std::string_view kName = "request_completed";
  std::uint64_t request = 0;
  Digest result;
  static void fields(auto& self, auto& field) {
    field("request", self.request);
    field("result", self.result);
  }
};

}  // namespace conclave

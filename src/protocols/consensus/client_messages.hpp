// What clients and replicas say to each other, whichever protocol orders the requests. Each is signed by its sender
// over all its fields.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/digest.hpp"
#include "core/memo.hpp"
#include "core/record.hpp"
#include "core/signature.hpp"

namespace conclave {

/// An operation that the client wants executed. Its `number` orders the requests of one client (PBFT's timestamp).
struct ClientRequest : RecordOf<ClientRequest> {
  static constexpr std::string_view kName = "request";
  AgentId client = kNobody;
  std::uint64_t number = 0;
  Filler operation;
  Signature signature;
  Memo<Digest> digest_memo{};  ///< not a field: it follows from them
  static void fields(auto& self, auto& field) {
    field("client", self.client);
    field("number", self.number);
    field("operation", self.operation);
    field("signature", self.signature);
  }
  /// Names the request: of all its bytes.
  Digest digest() const {
    return digest_memo.get([this] { return Digest::of(encode().bytes); });
  }
};
using ClientRequestPtr = std::shared_ptr<const ClientRequest>;

/// A question about the state that changes nothing, so that it need not be ordered. Numbered among the requests of its
/// client. What it asks does not matter here: the answer is the state itself.
struct ClientQuery : RecordOf<ClientQuery> {
  static constexpr std::string_view kName = "query";
  AgentId client = kNobody;
  std::uint64_t number = 0;
  Filler operation;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("client", self.client);
    field("number", self.number);
    field("operation", self.operation);
    field("signature", self.signature);
  }
};

/// What became of a request. The result is a digest of the replica's state after it, so equal results mean equal
/// histories; `view` tells the client whom to ask first next time.
struct ClientReply : RecordOf<ClientReply> {
  static constexpr std::string_view kName = "reply";
  std::uint64_t view = 0;
  std::uint64_t number = 0;
  AgentId client = kNobody;
  Digest result;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("number", self.number);
    field("client", self.client);
    field("result", self.result);
    field("signature", self.signature);
  }
};

/// A reply and what the service has to say besides: bytes that travel and mean nothing here.
struct ClientAnswer : RecordOf<ClientAnswer> {
  static constexpr std::string_view kName = "answer";
  std::shared_ptr<const ClientReply> reply;
  Filler content;
  static void fields(auto& self, auto& field) {
    field("reply", self.reply);
    field("content", self.content);
  }
};

}  // namespace conclave

// What a slot, a block, an entry of a log holds: requests that are executed one after the other. An empty batch is a
// decision to do nothing, PBFT's null request.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/data_context.hpp"
#include "core/memo.hpp"
#include "protocols/consensus/client_messages.hpp"

namespace conclave {

struct Batch : RecordOf<Batch> {
  static constexpr std::string_view kName = "batch";
  std::vector<ClientRequestPtr> requests;
  Memo<Digest> digest_memo{};  ///< not a field: it follows from the requests
  static void fields(auto& self, auto& field) { field("requests", self.requests); }

  /// Of the requests' digests in their order. Requires that none is null, which bytes from a liar may hold.
  Digest digest() const {
    return digest_memo.get([this] {
      std::vector<Digest> all;
      for (const ClientRequestPtr& request : requests) all.push_back(request->digest());
      return digest_of(all);
    });
  }
  /// The digest of a batch of requests with these digests.
  static Digest digest_of(const std::vector<Digest>& requests) {
    std::string all;
    for (const Digest& digest : requests)
      all.append(reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size());
    return Digest::of(all);
  }

  /// False if a request is missing where one should be.
  bool complete() const {
    for (const ClientRequestPtr& request : requests)
      if (!request) return false;
    return true;
  }
};
using BatchPtr = std::shared_ptr<const Batch>;

/// Why the context refuses the request; empty if it does not, or if there is no context.
inline std::string refusal(const std::shared_ptr<const DataContext>& context, const ClientRequest& request) {
  return context ? context->refusal({request.client, request.number, request.operation.bytes}) : std::string();
}
/// Why it refuses one of the requests; empty if it takes them all.
inline std::string refusal(const std::shared_ptr<const DataContext>& context, const Batch& batch) {
  for (const ClientRequestPtr& request : batch.requests)
    if (std::string reason = refusal(context, *request); !reason.empty()) return reason;
  return {};
}

}  // namespace conclave

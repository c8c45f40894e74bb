// What the misbehaviour of bidders shares: a bid on its way out, changed and signed again, or held back.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "core/auction_messages.hpp"
#include "core/behaviour.hpp"

namespace conclave {

/// The message of that kind that an effect would send, or nullptr.
template <class Kind>
std::shared_ptr<const Kind> sent_in(const Effect& effect) {
  const RecordPtr* body = nullptr;
  if (const auto* send = std::get_if<Send>(&effect)) body = &send->body;
  if (const auto* transfer = std::get_if<Transfer>(&effect)) body = &transfer->body;
  return body && (*body)->as<Kind>() ? std::static_pointer_cast<const Kind>(*body) : nullptr;
}

/// The message of that kind in an input, or nullptr.
template <class Kind>
const Kind* received_in(const Input& input) {
  const auto* message = std::get_if<Message>(&input);
  return message ? message->body->as<Kind>() : nullptr;
}

/// A behaviour that changes every bid that it strikes.
class ChangeBids : public Behaviour {
 protected:
  using Behaviour::Behaviour;

  /// Whether anything was changed.
  virtual bool change(const View& view, Bid& bid) = 0;
  virtual std::string_view what() const = 0;

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto bid = sent_in<Bid>(wanted);
    if (!bid || !strikes(view, *bid)) return out.put(wanted);
    Bid changed = *bid;
    if (!change(view, changed)) return out.put(wanted);
    inject(out, what(), Bid::kName, bid->auctioneer);
    out.put(with_body(wanted, view.crypto.sign(std::move(changed))));
  }
};

}  // namespace conclave

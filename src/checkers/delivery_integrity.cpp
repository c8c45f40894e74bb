// Integrity of delivery: what is handed over as somebody's message, that author has written, for this receiver, and
// with this content.

#include <map>
#include <vector>

#include "checkers/delivery_checker.hpp"

namespace conclave {
namespace {

class DeliveryIntegrity final : public DeliveryChecker {
 public:
  DeliveryIntegrity(const NoOptions&, const RunFacts& facts) : DeliveryChecker(false, facts) {}

  void observe(const Event& event) override {
    if (const auto* submitted = event.record->as<MessageSubmitted>()) {
      if (!judges(event.agent)) return;
      std::vector<Written>& all = written_[{event.agent, submitted->life}];
      if (submitted->number == all.size() + 1) all.push_back({submitted->content, submitted->to});
    } else if (const auto* received = event.record->as<MessageReceived>(); received && judges(event.agent)) {
      if (!judges(received->message.author)) return;  // a liar may have written anything
      received_++;
      judge(event, *received);
    }
  }

  Verdict conclude(const RunEnd&) override {
    return verdict(fmt::format("{} copies of messages received, each as its author wrote it", received_));
  }

 private:
  struct Written {
    std::uint64_t content;
    Addressees to;
  };

  void judge(const Event& event, const MessageReceived& received) {
    const MessageName& name = received.message;
    const auto author = written_.find({name.author, name.life});
    const auto what = [&](std::string_view wrong) {
      fail(fmt::format("{} was handed {} at {:.6f} s, {}", roster().name(event.agent), text(name), seconds(event.time),
                       wrong));
    };
    if (author == written_.end() || name.number == 0 || name.number > author->second.size())
      return what("which its author never wrote");
    const Written& written = author->second[name.number - 1];
    if (written.content != received.content) return what("but with another content than its author wrote");
    if (!written.to.contains(event.agent)) return what("which was not for it");
  }

  std::map<std::pair<AgentId, std::uint64_t>, std::vector<Written>> written_;
  std::uint64_t received_ = 0;
};

const bool registered =
    CheckerCatalog::add<DeliveryIntegrity>({.name = "delivery_integrity",
                                            .family = "delivery",
                                            .summary = "what is handed over was written so, and for this receiver"});

}  // namespace
}  // namespace conclave

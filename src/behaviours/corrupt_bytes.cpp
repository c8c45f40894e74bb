// Corrupt bytes: flips bits of what it sends, on the wire, after the message was encoded and signed. The receiver's
// decoder reads what is left. Either it is no message any more, which shows as `dropped` with the reason `undecodable`;
// or it is an altered one, which no signature covers any more, and the receiver's protocol has to see that.

#include <algorithm>

#include "core/behaviour.hpp"
#include "core/raw_bytes.hpp"

namespace conclave {
namespace {

/// Bits that can be flipped in one message.
constexpr std::uint32_t kFlipsMax = 1'024;

class CorruptBytes final : public Behaviour {
 public:
  struct Options : MessageOptions {
    std::uint32_t bits = 1;
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>().add("bits", &Options::bits, "bits that are flipped in a message, at drawn places",
                                        {.least = 1, .most = kFlipsMax});
      return table;
    }
  };
  CorruptBytes(const Options& options, const Deployment& deployment)
      : Behaviour("corrupt_bytes", deployment, options), bits_(options.bits) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !strikes(view, *message->body)) return out.put(wanted);
    RawBytes raw = raw_bytes(*message->body);
    flip(raw.bytes.content);
    inject(out, "corrupted", *message);
    out.put(with_body(wanted, share(std::move(raw))));
  }

 private:
  /// No place twice: that would be no flip. Requires bytes, which every message has: the tag of its kind.
  void flip(std::string& bytes) {
    const std::size_t size = 8 * bytes.size();
    std::vector<std::size_t> flipped;
    while (flipped.size() < std::min<std::size_t>(bits_, size)) {
      const std::size_t bit = draws().below(size);
      if (std::find(flipped.begin(), flipped.end(), bit) != flipped.end()) continue;
      flipped.push_back(bit);
      flip_bit(bytes, bit);
    }
  }

  const std::uint32_t bits_;
};

const bool registered = BehaviourCatalog::add<CorruptBytes>(
    {.name = "corrupt_bytes",
     .family = "any",
     .summary = "flips bits of what it sends",
     .about =
         "Real bit flips in the encoded message, one and the same for all its receivers. What no longer decodes is "
         "dropped as `undecodable`; what still does arrives altered, and signatures and checks must refuse it. For "
         "decoders, and for fields that no signature covers.",
     .example = "- { behaviour: corrupt_bytes, agents: \"replica[3]\", bits: 3, probability: 10% }"});

}  // namespace
}  // namespace conclave

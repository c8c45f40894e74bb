#include "fuzz/properties.hpp"

#include "core/catalog.hpp"
#include "core/raw_bytes.hpp"
#include "scenario/load.hpp"
#include "scenario/yaml.hpp"

namespace conclave::fuzz {

namespace {

/// Changes all that can be changed, in records within records too.
struct ChangeAll final : FieldEditor {
  void agent(std::string_view, AgentId& value) override { value = AgentId{index(value) + 1}; }
  void number(std::string_view, std::uint64_t& value) override { value = ~value; }
  void flag(std::string_view, bool& value) override { value = !value; }
  void duration(std::string_view, Duration& value) override { value = Duration(~value.count()); }
  void digest(std::string_view, Digest& value) override { value.bytes[0] ^= 1; }
  void text(std::string_view, std::string& value) override { value += '!'; }
  bool enters(const Record&) override { return true; }
};

}  // namespace

std::string broken_by_message(std::string_view bytes) {
  const RecordPtr record = decode_record(bytes);
  if (!record) return {};
  if (record->encode().bytes != bytes) return "it does not encode to the bytes that it was decoded from";
  if (record->json().empty() || record->text().empty()) return "it does not print";

  ChangeAll change;
  const RecordPtr changed = record->type->edit(*record, change);
  const std::string changed_bytes = changed->encode().bytes;
  const RecordPtr again = decode_record(changed_bytes);
  if (!again || again->encode().bytes != changed_bytes) return "edited, it does not survive the wire";

  static const KeyRing keys(SignatureScheme::modelled, 1, 4);
  Crypto crypto(keys, AgentId{1}, {});
  if (crypto.sign_again(*record)->type != record->type) return "signed again, it is of another kind";
  return {};
}

std::string broken_by_scenario(std::string_view text) {
  const Loaded loaded = load_scenario_text(text, "fuzz.yaml");
  if (!loaded.scenario) return loaded.errors.empty() ? "it is refused without a word" : "";
  const std::string resolved = write_yaml(loaded.scenario->resolved);
  const Loaded again = load_scenario_text(resolved, "fuzz.yaml");
  if (!again.scenario) return "its resolved form is refused:\n" + resolved + again.errors;
  if (write_yaml(again.scenario->resolved) != resolved) return "its resolved form does not resolve to itself";
  return {};
}

}  // namespace conclave::fuzz

// The words of a lab command: `deliver from=replica[1..2] kind=prepare first=1 quiet`. Words are separated by blanks
// outside of braces; a word of the form key=value is an option; components take their parameters in braces, as in
// `pbft{f=1}` or `equivocate{victims=[1,2]}`.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/roster.hpp"
#include "core/value.hpp"

namespace conclave::lab {

/// A command that makes no sense: the notebook is wrong, whatever the protocols do.
struct LabError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The arguments of one command. A handler takes what it knows, then calls finish(), so nothing is silently ignored.
class Arguments {
 public:
  explicit Arguments(std::string_view text);

  /// The next word, option or not.
  std::optional<std::string> take_any();
  /// The next word that is no option.
  std::optional<std::string> take_word();
  /// As take_word(), but it must be there; `what` names it in the error.
  std::string need_word(std::string_view what);
  /// True if this very word is there.
  bool take_flag(std::string_view word);
  /// The value of key=value.
  std::optional<std::string> take_option(std::string_view key);
  std::optional<std::int64_t> take_integer(std::string_view key);
  /// Throws if something is left.
  void finish() const;

 private:
  std::optional<std::string> take(std::vector<std::string>::iterator word);
  std::vector<std::string> words_;
};

/// A component and its parameters as written.
struct Component {
  std::string name;
  Value options = Value::map();
};

/// Reads `name` or `name{key=value, key=[a, b]}`.
Component parse_component(std::string_view text);
/// Splits at a separator outside of braces and brackets.
std::vector<std::string> split(std::string_view text, char separator);
std::int64_t parse_integer(std::string_view text);
/// Reads `replica`, `replica[3]`, `replica[1..2]` or several of them with commas; ascending, without repetition.
std::vector<AgentId> parse_agents(std::string_view text, const Roster& roster);
/// The inverse: `replica[0..2], client[0]`.
std::string agent_names(const std::vector<AgentId>& agents, const Roster& roster);

/// A timer or piece of work in short: `name`, `name#id`, or `layer/name#id` when it belongs to a layer.
template <class Key>
std::string key_text(const Key& key) {
  return (key.layer == 0 ? "" : std::to_string(key.layer) + "/") + std::to_string(key.name) +
         (key.id == 0 ? "" : "#" + std::to_string(key.id));
}

}  // namespace conclave::lab

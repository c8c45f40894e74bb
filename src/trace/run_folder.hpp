// The folder of a run's results: it appears under its name complete, or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace conclave {

/// The file by which a folder is known as that of a run: only such a folder is ever replaced.
inline constexpr std::string_view kVerdictFile = "verdict.json";

/// Results are written to a hidden sibling, `.NAME.partial-PID`, and published by renaming it. At most one RunFolder of
/// a target in a process. A process that is killed leaves its sibling behind, never a folder under the final name.
class RunFolder {
 public:
  /// Creates the sibling, and the target's parent folders, which stay. Throws OutputError when the target cannot be
  /// published later: not writable, not a folder, or a folder of something else.
  explicit RunFolder(const std::filesystem::path& target);
  /// Removes what was not published.
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  /// Where to write: the sibling until publish(), the target from then on.
  const std::filesystem::path& path() const { return published_ ? target_ : partial_; }
  /// Absolute, without symbolic links.
  const std::filesystem::path& target() const { return target_; }

  /// Puts the results under the target's name, in place of a former run there. On failure it throws OutputError, the
  /// target is as it was, and the results stay where the error says.
  void publish();

 private:
  std::filesystem::path sibling(std::string_view purpose) const;
  void check_target() const;
  void replace_former();

  std::filesystem::path target_;
  std::filesystem::path partial_;
  bool published_ = false;
  bool kept_ = false;
};

}  // namespace conclave

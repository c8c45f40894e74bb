#include "trace/run_folder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "trace/output.hpp"

namespace conclave {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kElsewhere = "choose another folder with --out";

/// Without a trailing slash, `.`, `..` or symbolic links, so that the last part is a name that can be renamed.
fs::path resolve(const fs::path& path) {
  std::error_code error;
  fs::path resolved = fs::weakly_canonical(fs::absolute(path), error);
  if (error) throw OutputError(path, "cannot find the folder", error.value());
  resolved = resolved.lexically_normal();
  if (!resolved.has_filename()) resolved = resolved.parent_path();
  return resolved;
}

/// A mount point can be written to, but not renamed.
bool is_mount_point(const fs::path& folder) {
  struct stat own {};
  struct stat parent {};
  return ::stat(folder.c_str(), &own) == 0 && ::stat(folder.parent_path().c_str(), &parent) == 0 &&
         own.st_dev != parent.st_dev;
}

bool rename_folder(const fs::path& from, const fs::path& to) {
  return std::rename(from.c_str(), to.c_str()) == 0;
}

}  // namespace

RunFolder::RunFolder(const fs::path& target) : target_(resolve(target)), partial_(sibling("partial")) {
  if (!target_.has_filename()) throw OutputError(target, fmt::format("is the root folder; {}", kElsewhere));
  check_target();
  std::error_code error;
  fs::create_directories(target_.parent_path(), error);
  if (error) throw OutputError(target_.parent_path(), "cannot create the folder", error.value());
  fs::remove_all(partial_, error);  // of a killed process that had our number
  // Creating the sibling proves that the parent is writable, which is all that renaming will need.
  fs::create_directory(partial_, error);
  if (error) throw OutputError(target_, "cannot write results there", error.value());
}

RunFolder::~RunFolder() {
  if (published_ || kept_) return;
  std::error_code ignored;  // nothing to be done about it here, and nothing that would mislead is left
  fs::remove_all(partial_, ignored);
}

void RunFolder::publish() {
  kept_ = true;
  try {
    check_target();  // again: the simulation may have taken hours
    replace_former();
  } catch (const OutputError& failure) {
    throw OutputError(target_, fmt::format("cannot publish the results, which are kept in {} ({})", partial_.native(),
                                           failure.what()));
  }
  published_ = true;
}

fs::path RunFolder::sibling(std::string_view purpose) const {
  return target_.parent_path() / fmt::format(".{}.{}-{}", target_.filename().native(), purpose, ::getpid());
}

void RunFolder::check_target() const {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(target_, error);
  if (status.type() == fs::file_type::not_found) return;
  if (status.type() == fs::file_type::none) throw OutputError(target_, "cannot look at the folder", error.value());
  if (status.type() != fs::file_type::directory)
    throw OutputError(target_, fmt::format("is there and is not a folder; {}", kElsewhere));
  if (fs::equivalent(target_, fs::current_path(error), error))
    throw OutputError(target_, fmt::format("is the current folder and cannot be replaced; {}", kElsewhere));
  if (is_mount_point(target_))
    throw OutputError(target_,
                      fmt::format("is a mount point and cannot be replaced; {}, such as one inside it", kElsewhere));
  if (::access(target_.c_str(), R_OK | W_OK | X_OK) != 0)
    throw OutputError(target_, fmt::format("cannot be replaced; {}", kElsewhere), errno);
  if (!fs::is_empty(target_, error) && !fs::exists(target_ / kVerdictFile, error))
    throw OutputError(
        target_, fmt::format("holds something else than a run's results (it has no {}); {}", kVerdictFile, kElsewhere));
}

void RunFolder::replace_former() {
  // Renaming over nothing, or over an empty folder, is one atomic step. A former run must be moved aside first.
  if (rename_folder(partial_, target_)) return;
  if (errno != ENOTEMPTY && errno != EEXIST) throw OutputError(partial_, "cannot rename the folder", errno);
  const fs::path former = sibling("former");
  if (!rename_folder(target_, former)) throw OutputError(target_, "cannot rename the folder", errno);
  if (!rename_folder(partial_, target_)) {
    const int error = errno;
    if (!rename_folder(former, target_))
      throw OutputError(partial_, fmt::format("cannot rename the folder, nor {} back", former.native()), error);
    throw OutputError(partial_, "cannot rename the folder", error);
  }
  std::error_code ignored;  // the new results are in place; a hidden rest of the old ones harms nobody
  fs::remove_all(former, ignored);
}

}  // namespace conclave

#include <doctest/doctest.h>
#include <unistd.h>

#include <optional>

#include "trace/run_folder.hpp"
#include "trace_samples.hpp"

using namespace conclave;
using namespace conclave::trace_samples;
namespace fs = std::filesystem;

namespace {

void fill(const RunFolder& folder, std::string_view verdict) {
  write_file(folder.path() / "verdict.json", verdict);
  fs::create_directory(folder.path() / "plots");
  write_file(folder.path() / "plots" / verdict, "");
}

std::string refusal(const fs::path& target) {
  try {
    RunFolder folder(target);
  } catch (const OutputError& error) {
    return error.what();
  }
  return "accepted";
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace

TEST_CASE("run folder: appears with publish, parents included") {
  Scratch scratch;
  const fs::path target = scratch / "a/b/run";
  RunFolder folder(target);
  fill(folder, "pass");
  CHECK_FALSE(fs::exists(target));
  CHECK(folder.path().filename() == ".run.partial-" + std::to_string(getpid()));
  folder.publish();
  CHECK(folder.path() == target);
  CHECK(read_file(target / "verdict.json") == "pass");
  CHECK(std::distance(fs::directory_iterator(target.parent_path()), fs::directory_iterator()) == 1);
}

TEST_CASE("run folder: an unpublished one leaves nothing, and a former run as it was") {
  Scratch scratch;
  {
    RunFolder former(scratch / "run");
    fill(former, "former");
    former.publish();
  }
  {
    RunFolder folder(scratch / "run");
    fill(folder, "new");
  }
  CHECK(scratch.entries() == 1);
  CHECK(read_file(scratch / "run/verdict.json") == "former");
}

TEST_CASE("run folder: replaces a former run completely") {
  Scratch scratch;
  for (const std::string_view verdict : {"former", "new"}) {
    RunFolder folder(scratch / "run/");
    fill(folder, verdict);
    folder.publish();
  }
  CHECK(scratch.entries() == 1);
  CHECK(read_file(scratch / "run/verdict.json") == "new");
  CHECK(fs::exists(scratch / "run/plots/new"));
  CHECK_FALSE(fs::exists(scratch / "run/plots/former"));
}

TEST_CASE("run folder: replaces an empty folder") {
  Scratch scratch;
  fs::create_directory(scratch / "run");
  RunFolder folder(scratch / "run");
  fill(folder, "pass");
  folder.publish();
  CHECK(read_file(scratch / "run/verdict.json") == "pass");
}

TEST_CASE("run folder: refuses what is not a run's, before anything is run") {
  Scratch scratch;
  fs::create_directory(scratch / "thesis");
  write_file(scratch / "thesis/chapter1.tex", "years of work");
  write_file(scratch / "file", "");
  fs::create_symlink("nowhere", scratch / "dangling");

  const std::string thesis = refusal(scratch / "thesis");
  CHECK(has(thesis, "holds something else than a run's results"));
  CHECK(has(thesis, "choose another folder with --out"));
  CHECK(has(refusal(scratch / "file"), "is there and is not a folder"));
  CHECK(has(refusal(scratch / "dangling"), "is there and is not a folder"));
  CHECK(has(refusal("."), "current folder"));
  CHECK(has(refusal("/"), "is the root folder"));
  CHECK(read_file(scratch / "thesis/chapter1.tex") == "years of work");
  CHECK(scratch.entries() == 3);
}

TEST_CASE("run folder: an unwritable destination is refused before anything is run") {
  Scratch scratch;
  write_file(scratch / "file", "");
  CHECK(has(refusal(scratch / "file/run"), "Not a directory"));
  CHECK(refusal("/proc/self/run") != "accepted");
  CHECK(has(refusal("/proc"), "is a mount point"));
  if (geteuid() != 0) {  // the administrator may write everywhere
    fs::create_directory(scratch / "locked");
    fs::permissions(scratch / "locked", fs::perms::owner_read | fs::perms::owner_exec);
    CHECK(has(refusal(scratch / "locked/run"), "Permission denied"));
    fs::permissions(scratch / "locked", fs::perms::owner_all);
  }
}

TEST_CASE("run folder: results that cannot be published are kept, and the target stays as it is") {
  Scratch scratch;
  std::string message;
  fs::path kept;
  {
    RunFolder folder(scratch / "run");
    fill(folder, "pass");
    kept = folder.path();
    fs::create_directory(scratch / "run");  // by somebody else, while the simulation runs
    write_file(scratch / "run/precious", "precious");
    try {
      folder.publish();
    } catch (const OutputError& error) {
      message = error.what();
    }
  }
  CHECK(has(message, "kept in " + kept.native()));
  CHECK(read_file(kept / "verdict.json") == "pass");
  CHECK(read_file(scratch / "run/precious") == "precious");
  CHECK(scratch.entries() == 2);
}

TEST_CASE("run folder: the rest of a killed run with our process number does not get into the results") {
  Scratch scratch;
  const fs::path rest = scratch / (".run.partial-" + std::to_string(getpid()));
  fs::create_directory(rest);
  write_file(rest / "stale", "");
  RunFolder folder(scratch / "run");
  fill(folder, "pass");
  folder.publish();
  CHECK_FALSE(fs::exists(scratch / "run/stale"));
}

#include "engine/probe.hpp"

#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "engine/platform.hpp"

namespace conclave {

namespace {

constexpr int kRefused = 2;
/// What SimGrid says at most; a backtrace may follow.
constexpr std::size_t kTextMax = 1 << 16;

[[noreturn]] void attempt_and_exit(const std::function<void()>& attempt, int out) {
  rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  dup2(out, STDERR_FILENO);
  try {
    attempt();
  } catch (const std::exception& error) {
    const std::string text = error.what();
    static_cast<void>(!write(out, text.data(), text.size()));
    _exit(kRefused);
  }
  _exit(EXIT_SUCCESS);
}

std::string read_all(int in) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(in, buffer, sizeof buffer)) > 0;)
    if (text.size() < kTextMax) text.append(buffer, static_cast<std::size_t>(got));
  return text;
}

/// The sentence in SimGrid's log: the first critical line, without its `[time] [category/LEVEL]`, or else the first
/// line.
std::string reason_in(const std::string& text) {
  std::string first, critical;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.empty()) continue;
    if (first.empty()) first = line;
    const std::size_t level = line.find("/CRITICAL] ");
    if (critical.empty() && level != std::string::npos) critical = line.substr(level + sizeof("/CRITICAL] ") - 1);
  }
  return critical.empty() ? first : critical;
}

}  // namespace

void probe_in_child(const std::function<void()>& attempt) {
  int ends[2];
  if (pipe(ends) != 0) throw PlatformError("cannot make a pipe to try the platform file in a child process");
  const pid_t child = fork();
  if (child < 0) throw PlatformError("cannot start a child process to try the platform file in");
  if (child == 0) {
    close(ends[0]);
    attempt_and_exit(attempt, ends[1]);
  }
  close(ends[1]);
  const std::string text = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS) return;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kRefused) throw PlatformError(text);
  const std::string reason = reason_in(text);
  throw PlatformError(reason.empty() ? "SimGrid cannot load it" : fmt::format("SimGrid cannot load it: {}", reason));
}

}  // namespace conclave

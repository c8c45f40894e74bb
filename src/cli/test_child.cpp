#include "cli/test_child.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "core/time.hpp"
#include "core/units.hpp"

namespace conclave {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(std::string_view what, int error) {
  throw std::runtime_error(fmt::format("cannot {}: {}", what, std::strerror(error)));
}

/// A pipe that no other child inherits.
class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) fail("make a pipe to a child process", errno);
  }
  ~Pipe() { close_end(0), close_end(1); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int out() const { return ends_[0]; }
  int in() const { return ends_[1]; }
  void close_in() { close_end(1); }

  /// Moves what is there to `text`; false at the end.
  bool drain(std::string& text) const {
    char buffer[1 << 16];
    const ssize_t got = ::read(out(), buffer, sizeof buffer);
    if (got < 0) return errno == EINTR;
    text.append(buffer, std::min(static_cast<std::size_t>(got), kChildOutputMax - text.size()));
    return got > 0;
  }

 private:
  void close_end(std::size_t end) {
    if (ends_[end] >= 0) ::close(ends_[end]);
    ends_[end] = -1;
  }
  std::array<int, 2> ends_{-1, -1};
};

pid_t start(const std::vector<std::string>& arguments, const Pipe& output, const Pipe& errors) {
  std::vector<char*> argv{const_cast<char*>("conclave")};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.in(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.in(), STDERR_FILENO);
  pid_t child = 0;
  const int error = posix_spawn(&child, "/proc/self/exe", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail("start a child process", error);
  return child;
}

/// Reads both pipes to their ends, which come with the child's; false if the deadline comes first.
bool listen(const Pipe& output, const Pipe& errors, Clock::time_point deadline, ChildResult& result) {
  std::array<pollfd, 2> waiting{{{output.out(), POLLIN, 0}, {errors.out(), POLLIN, 0}}};
  while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    if (::poll(waiting.data(), waiting.size(), static_cast<int>(std::min<std::int64_t>(left, 60'000))) < 0) {
      if (errno != EINTR) fail("listen to a child process", errno);
      continue;
    }
    if (waiting[0].revents != 0 && !output.drain(result.output)) waiting[0].fd = -1;  // poll passes over these
    if (waiting[1].revents != 0 && !errors.drain(result.errors)) waiting[1].fd = -1;
  }
  return true;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) fail("wait for a child process", errno);
  return status;
}

}  // namespace

ChildResult run_child(const std::vector<std::string>& arguments, std::chrono::nanoseconds limit) {
  ChildResult result;
  Pipe output, errors;
  const Clock::time_point started = Clock::now();
  const pid_t child = start(arguments, output, errors);
  output.close_in(), errors.close_in();
  const bool in_time = listen(output, errors, started + limit, result);
  if (!in_time) ::kill(child, SIGKILL);
  const int status = wait_for(child);
  result.wall_time_s = std::chrono::duration<double>(Clock::now() - started).count();
  if (!in_time) {
    result.ending = fmt::format("was killed at the time limit of {}", rounded(limit));
  } else if (WIFSIGNALED(status)) {
    result.ending = fmt::format("was killed by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  } else {
    result.exit_code = WEXITSTATUS(status);
  }
  return result;
}

}  // namespace conclave

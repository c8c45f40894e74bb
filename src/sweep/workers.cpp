#include "sweep/workers.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace conclave {

namespace {

using Clock = std::chrono::steady_clock;

/// Of what a job prints, the last so many bytes are kept: a crash may have said why.
constexpr std::size_t kErrorsKept = 2048;
/// A job's result is at most so long.
constexpr std::size_t kOutputMax = std::size_t{64} << 20;
constexpr int kLookMs = 200;
constexpr int kFailed = 3;

[[noreturn]] void fail(std::string_view what) {
  throw std::runtime_error(fmt::format("cannot {}: {}", what, std::strerror(errno)));
}

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody listens: the parent is gone
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

[[noreturn]] void be_child(const Workers::Job& job, pid_t parent, int output, int errors) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kFailed);  // it died before this was set
  std::signal(SIGINT, SIG_IGN);                 // Ctrl-C reaches the whole group: the parent decides
  std::signal(SIGTERM, SIG_DFL);
  ::dup2(errors, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  std::string failure;
  try {
    write_all(output, job());
    ::_exit(0);
  } catch (const std::exception& error) {
    failure = error.what();
  } catch (...) {
    failure = "an unknown exception";
  }
  write_all(errors, failure);
  ::_exit(kFailed);
}

}  // namespace

struct Workers::Child {
  std::size_t tag = 0;
  pid_t pid = 0;
  Clock::time_point started;
  struct Channel {
    int file = -1;
    std::string text;

    /// False at the end.
    bool drain(std::size_t most) {
      char buffer[1 << 16];
      const ssize_t got = ::read(file, buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) return true;
      if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
      if (text.size() > most) text.erase(0, text.size() - most);
      if (got <= 0) close();
      return got > 0;
    }
    void close() {
      if (file >= 0) ::close(file);
      file = -1;
    }
  };
  std::array<Channel, 2> channels;  ///< what the job returns, what it prints

  bool silent() const { return channels[0].file < 0 && channels[1].file < 0; }
};

Workers::Workers(unsigned jobs, std::chrono::nanoseconds limit) : jobs_(jobs), limit_(limit) {}

Workers::~Workers() {
  for (const auto& child : children_) ::kill(child->pid, SIGKILL);
  std::vector<Ended> nobody_asks;
  for (const auto& child : children_) finish(*child, false, nobody_asks);
}

bool Workers::full() const {
  return children_.size() >= jobs_;
}

bool Workers::idle() const {
  return children_.empty();
}

void Workers::start(std::size_t tag, const Job& job) {
  std::array<std::array<int, 2>, 2> pipes;
  for (auto& ends : pipes)
    if (::pipe(ends.data()) != 0) fail("make a pipe");
  auto child = std::make_unique<Child>();
  child->tag = tag;
  child->started = Clock::now();
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  child->pid = ::fork();
  if (child->pid < 0) fail("start a run");
  if (child->pid == 0) {
    for (const auto& other : children_)
      for (auto& channel : other->channels) channel.close();
    ::close(pipes[0][0]), ::close(pipes[1][0]);
    be_child(job, parent, pipes[0][1], pipes[1][1]);
  }
  for (std::size_t i = 0; i < pipes.size(); i++) {
    ::close(pipes[i][1]);
    child->channels[i].file = pipes[i][0];
  }
  children_.push_back(std::move(child));
}

std::vector<Workers::Ended> Workers::wait() {
  std::vector<pollfd> waiting;
  for (const auto& child : children_)
    for (const auto& channel : child->channels) waiting.push_back({channel.file, POLLIN, 0});
  if (::poll(waiting.data(), waiting.size(), kLookMs) < 0 && errno != EINTR) fail("wait for a run");
  std::vector<Ended> ended;
  const Clock::time_point now = Clock::now();
  for (std::size_t i = 0; i < children_.size(); i++) {
    Child& child = *children_[i];
    if (waiting[2 * i].revents != 0) child.channels[0].drain(kOutputMax);
    if (waiting[2 * i + 1].revents != 0) child.channels[1].drain(kErrorsKept);
    const bool late = now - child.started > limit_;
    if (late) ::kill(child.pid, SIGKILL);
    if (late || child.silent()) finish(child, late, ended);
  }
  std::erase_if(children_, [](const auto& child) { return child->pid == 0; });
  return ended;
}

void Workers::finish(Child& child, bool timed_out, std::vector<Ended>& ended) {
  for (auto& channel : child.channels) channel.close();
  int status = 0;
  while (::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  child.pid = 0;
  Ended end{.tag = child.tag, .output = std::move(child.channels[0].text), .timed_out = timed_out};
  end.wall_time_s = std::chrono::duration<double>(Clock::now() - child.started).count();
  std::string& said = child.channels[1].text;
  while (!said.empty() && said.back() == '\n') said.pop_back();
  if (WIFSIGNALED(status)) {
    end.crash = fmt::format("signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
    if (!said.empty()) end.crash += ": " + said;
  } else if (WEXITSTATUS(status) != 0) {
    end.crash = said.empty() ? fmt::format("exit code {}", WEXITSTATUS(status)) : said;
  }
  ended.push_back(std::move(end));
}

}  // namespace conclave

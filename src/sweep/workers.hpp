// Jobs in processes of their own, some at a time: a crash is a result like any other, and SimGrid's engine runs once
// per process. A job is a fork of this process, which has loaded everything already.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace conclave {

class Workers {
 public:
  /// In the child. What it returns comes back; an exception is a crash with its text for the reason.
  using Job = std::function<std::string()>;

  struct Ended {
    std::size_t tag = 0;  ///< as given to start()
    std::string output;   ///< what the job returned
    std::string crash;    ///< how it ended if it did not return: `signal 11 (Segmentation fault)`
    bool timed_out = false;
    double wall_time_s = 0;
  };

  Workers(unsigned jobs, std::chrono::nanoseconds limit);
  /// Kills what is still running.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  bool full() const;
  bool idle() const;
  /// Requires !full(). Throws std::runtime_error when no process can be made.
  void start(std::size_t tag, const Job& job);
  /// Those that have ended; waits for one if there is none, but not for long.
  std::vector<Ended> wait();

 private:
  struct Child;
  void finish(Child& child, bool timed_out, std::vector<Ended>& ended);

  const unsigned jobs_;
  const std::chrono::nanoseconds limit_;
  std::vector<std::unique_ptr<Child>> children_;
};

}  // namespace conclave

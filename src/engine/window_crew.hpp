// The threads of the windowed executor.
#pragma once

#include <barrier>
#include <exception>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "engine/window_worker.hpp"

namespace conclave {

/// Threads that run the workers of a window together, the calling thread among them.
class WindowCrew {
 public:
  explicit WindowCrew(std::vector<std::unique_ptr<WindowWorker>>& workers)
      : workers_(workers),
        go_(static_cast<std::ptrdiff_t>(workers.size())),
        done_(static_cast<std::ptrdiff_t>(workers.size())) {
    for (std::size_t i = 1; i < workers.size(); i++) threads_.emplace_back([this, i] { serve(i); });
  }
  ~WindowCrew() {
    job_ = nullptr;
    go_.arrive_and_wait();
    for (std::thread& thread : threads_) thread.join();
  }

  /// Calls job(worker) for each worker, in parallel; rethrows the first error.
  void together(const std::function<void(WindowWorker&)>& job) {
    job_ = &job;
    go_.arrive_and_wait();
    attempt(0);
    done_.arrive_and_wait();
    for (std::exception_ptr& error : errors_)
      if (error) std::rethrow_exception(std::exchange(error, nullptr));
  }

 private:
  void serve(std::size_t i) {
    for (;;) {
      go_.arrive_and_wait();
      if (!job_) return;
      attempt(i);
      done_.arrive_and_wait();
    }
  }

  void attempt(std::size_t i) {
    try {
      (*job_)(*workers_[i]);
    } catch (...) {
      errors_[i] = std::current_exception();
    }
  }

  std::vector<std::unique_ptr<WindowWorker>>& workers_;
  const std::function<void(WindowWorker&)>* job_ = nullptr;
  std::barrier<> go_;
  std::barrier<> done_;
  std::vector<std::exception_ptr> errors_ = std::vector<std::exception_ptr>(workers_.size());
  std::vector<std::thread> threads_;
};

}  // namespace conclave

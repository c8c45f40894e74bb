// A memo of a pure function of the object that holds it, for objects that are shared and immutable: computed once for
// all who hold them, on whichever thread. Not part of the object's value: a copy, which may be altered, carries none.
#pragma once

#include <atomic>
#include <cstdint>

namespace conclave {

template <class T>
class Memo {
 public:
  Memo() = default;
  Memo(const Memo&) {}
  Memo& operator=(const Memo&) {
    state_.store(State::empty, std::memory_order_relaxed);
    return *this;
  }

  /// What `compute` gave the first time. Threads that ask at once may all compute, and get the same.
  template <class Compute>
  T get(Compute&& compute) const {
    if (state_.load(std::memory_order_acquire) == State::kept) return value_;
    const T computed = compute();
    State expected = State::empty;
    if (state_.compare_exchange_strong(expected, State::writing, std::memory_order_relaxed)) {
      value_ = computed;
      state_.store(State::kept, std::memory_order_release);
    }
    return computed;
  }

 private:
  enum class State : std::uint8_t { empty, writing, kept };
  mutable std::atomic<State> state_{State::empty};
  mutable T value_{};
};

}  // namespace conclave

// A layer is a protocol around a protocol: it sees what comes in and what the inner one wants to do, and may drop,
// change or add to both. Delivery guarantees and Byzantine behaviours are both layers, so either goes around any
// protocol.
#pragma once

#include <memory>

#include "core/protocol.hpp"

namespace conclave {

class Layer : public Protocol {
 public:
  /// Puts this layer around `inner`. `depth` counts from 1, just above the innermost protocol, and keeps timers apart.
  void wrap(std::unique_ptr<Protocol> inner, std::uint32_t depth) {
    inner_ = std::move(inner);
    depth_ = depth;
  }

  void step(const View& view, const Input& input, Outbox& out) final;

 protected:
  /// What arrives, before the inner protocol sees it. Call forward() to let it through, or swallow it.
  virtual void on_input(const View& view, const Input& input, Outbox& out) { forward(view, input, out); }
  /// What the inner protocol wants done. Call out.put() to let it happen, or drop it.
  virtual void on_effect(const View& view, const Effect& wanted, Outbox& out) {
    static_cast<void>(view);
    out.put(wanted);
  }
  /// One of this layer's own timers has fired.
  virtual void on_timer(const View& view, TimerKey key, Outbox& out) {
    static_cast<void>(view), static_cast<void>(key), static_cast<void>(out);
  }
  /// Work that this layer asked for has ended.
  virtual void on_work(const View& view, const WorkFinished& work, Outbox& out) {
    static_cast<void>(view), static_cast<void>(work), static_cast<void>(out);
  }

  /// Lets the inner protocol handle an input, its effects passing through on_effect().
  void forward(const View& view, const Input& input, Outbox& out);
  /// Keys of this layer's own.
  TimerKey timer(std::uint32_t name, std::uint64_t id = 0) const { return {.name = name, .layer = depth_, .id = id}; }
  WorkKey work(std::uint32_t name, std::uint64_t id = 0) const { return {.name = name, .layer = depth_, .id = id}; }

 private:
  std::unique_ptr<Protocol> inner_;
  std::uint32_t depth_ = 0;
};

}  // namespace conclave

// A layer is a protocol around a protocol: it sees what comes in and what the inner one wants to do, and may drop,
// change or add to both. Delivery guarantees and Byzantine behaviours are both layers, so either goes around any
// protocol.
#pragma once

#include <functional>
#include <memory>

#include "core/protocol.hpp"

namespace conclave {

class Layer : public Protocol {
 public:
  /// Makes an instance of what is inside a layer. The first is number 0; others draw from streams of their own.
  using MakeInner = std::function<std::unique_ptr<Protocol>(std::uint64_t instance)>;

  /// Puts this layer around what `make` makes. `depth` counts from 1, just above the innermost protocol, and keeps
  /// timers apart.
  void wrap(MakeInner make, std::uint32_t depth);

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
  void forward(const View& view, const Input& input, Outbox& out) { forward(*inner_, view, input, out); }
  /// The same for another instance of it, which this layer keeps.
  void forward(Protocol& inner, const View& view, const Input& input, Outbox& out);
  /// One more instance of what is inside, as it was before its Start. Requires wrap().
  std::unique_ptr<Protocol> another_inner() { return make_(++instances_); }
  void replace_inner(std::unique_ptr<Protocol> inner) { inner_ = std::move(inner); }
  std::uint32_t depth() const { return depth_; }
  /// Keys of this layer's own.
  TimerKey timer(std::uint32_t name, std::uint64_t id = 0) const { return {.name = name, .layer = depth_, .id = id}; }
  WorkKey work(std::uint32_t name, std::uint64_t id = 0) const { return {.name = name, .layer = depth_, .id = id}; }

 private:
  MakeInner make_;
  std::unique_ptr<Protocol> inner_;
  std::uint32_t depth_ = 0;
  std::uint64_t instances_ = 0;  ///< made besides the first
};

}  // namespace conclave

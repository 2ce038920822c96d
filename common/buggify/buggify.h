// Points at which legal but rare behaviour can be forced: a block of one credit, an empty step, a
// short write. Like FoundationDB's BUGGIFY, for simulation. Without a chooser nothing happens, and
// optimised builds have no points.
//
//     if (Buggify("journal: a write of one byte")) size = 1;             // in the product
//     const ScopedBuggify scope([](const char* name) { return true; });  // in a test
//
#pragma once

#include <functional>
#include <utility>

namespace drumfire {

// Decides whether the point with this name (a literal, unique per point) fires now.
using BuggifyChooser = std::function<bool(const char* name)>;

#ifdef __OPTIMIZE__

constexpr bool Buggify(const char*) { return false; }

class ScopedBuggify {
 public:
  explicit ScopedBuggify(const BuggifyChooser&) {}
};

#else

// The current thread's chooser.
inline BuggifyChooser& CurrentBuggifyChooser() {
  thread_local BuggifyChooser chooser;
  return chooser;
}

inline bool Buggify(const char* name) {
  const BuggifyChooser& chooser = CurrentBuggifyChooser();
  return chooser && chooser(name);
}

// Sets the current thread's chooser for its lifetime, and restores the previous one afterwards.
class ScopedBuggify {
 public:
  explicit ScopedBuggify(BuggifyChooser chooser)
      : before_(std::exchange(CurrentBuggifyChooser(), std::move(chooser))) {}
  ~ScopedBuggify() { CurrentBuggifyChooser() = std::move(before_); }
  ScopedBuggify(const ScopedBuggify&) = delete;
  ScopedBuggify& operator=(const ScopedBuggify&) = delete;

 private:
  BuggifyChooser before_;
};

#endif

}  // namespace drumfire

// Points at which something that is allowed but rare can be made to happen: a block of one credit,
// an empty turn, a short write. As FoundationDB's BUGGIFY, for whoever simulates the code. Nothing
// happens unless a chooser is set, and optimised builds have no points at all.
#pragma once

#include <functional>
#include <utility>

namespace drumfire {

// Whether the thing of that name (a literal, one a point) happens now.
using RareChooser = std::function<bool(const char* name)>;

#ifdef __OPTIMIZE__

constexpr bool Rarely(const char*) { return false; }

class ScopedRareThings {
 public:
  explicit ScopedRareThings(const RareChooser&) {}
};

#else

// Of this thread.
inline RareChooser& PresentRareChooser() {
  thread_local RareChooser chooser;
  return chooser;
}

inline bool Rarely(const char* name) {
  const RareChooser& chooser = PresentRareChooser();
  return chooser && chooser(name);
}

// The chooser of this thread while it lives; the one before comes back then.
class ScopedRareThings {
 public:
  explicit ScopedRareThings(RareChooser chooser)
      : before_(std::exchange(PresentRareChooser(), std::move(chooser))) {}
  ~ScopedRareThings() { PresentRareChooser() = std::move(before_); }
  ScopedRareThings(const ScopedRareThings&) = delete;
  ScopedRareThings& operator=(const ScopedRareThings&) = delete;

 private:
  RareChooser before_;
};

#endif

}  // namespace drumfire

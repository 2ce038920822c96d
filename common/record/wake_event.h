// Wakes a thread that waits in zmq_poll: its descriptor is readable after Signal until Clear. Used
// by both ends of the record stream. Signal on any thread, Clear on the waiting one.
#pragma once

#include "absl/status/statusor.h"

namespace drumfire {

class WakeEvent {
 public:
  // RESOURCE_EXHAUSTED if the process has no descriptor left.
  static absl::StatusOr<WakeEvent> Create();
  WakeEvent(WakeEvent&& other) noexcept;
  WakeEvent(const WakeEvent&) = delete;
  WakeEvent& operator=(const WakeEvent&) = delete;
  ~WakeEvent();

  int descriptor() const { return descriptor_; }
  void Signal();
  void Clear();

 private:
  explicit WakeEvent(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace drumfire

// gRPC ends with its last object, and that end may wait 10 s for a poller of its own (1.51).
// Whoever makes gRPC objects keeps it up until the process exits instead. Debian's Abseil, whose
// mutexes gRPC takes, looks for deadlocks at every lock, under one lock for the whole process: with
// a thousand streams on a busy host that alone can take a minute, so it is told not to.
#pragma once

#include <grpc/grpc.h>

#include "absl/synchronization/mutex.h"

namespace drumfire {

inline void KeepGrpc() {
  static const bool kept = [] {
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
    grpc_init();
    return true;
  }();
  (void)kept;
}

}  // namespace drumfire

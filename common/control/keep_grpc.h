// Keeps gRPC running until the process exits. Destroying the last gRPC object triggers shutdown,
// which can block 10 s waiting for its own poller (1.51). Also disables deadlock detection in
// Debian's Abseil, whose mutexes gRPC uses: it runs at every lock, under one process-wide lock,
// which can take a minute with a thousand streams on a busy host.
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

// gRPC ends with its last object, and that end may wait 10 s for a poller of its own (1.51).
// Whoever makes gRPC objects keeps it up until the process exits instead.
#pragma once

#include <grpc/grpc.h>

namespace drumfire {

inline void KeepGrpc() {
  static const bool kept = [] {
    grpc_init();
    return true;
  }();
  (void)kept;
}

}  // namespace drumfire

// Counts connections to one url that the other side closed and that have not been replaced yet.
// While there are any, a new connection replaces one of them; otherwise it grows the pool, or
// follows our own close (--max-idle, a timeout, a policy without reuse).
//
// One thread, the engine's.
#pragma once

#include <cstdint>

#include "worker/exchange/exchange.h"

namespace drumfire {

class ClosedByPeer {
 public:
  void Add() { ++unreplaced_; }
  // A new connection is open; returns true if it replaces one.
  bool Replace() {
    if (unreplaced_ == 0) return false;
    --unreplaced_;
    return true;
  }

 private:
  uint64_t unreplaced_ = 0;
};

// Which side closed the connection on which the exchange ended.
inline bool EndedByPeer(const Exchange& exchange) {
  if (exchange.body_left_open) return false;
  switch (exchange.error) {
    case v1::ERROR_FIRST_BYTE_TIMEOUT:
    case v1::ERROR_REQUEST_TIMEOUT:
    case v1::ERROR_STALLED:
    case v1::ERROR_BAD_BODY:
      return false;
    default:
      return exchange.outcome != v1::OUTCOME_CANCELLED;
  }
}

}  // namespace drumfire

// Connections to one url that the other side closed and that no new one has replaced yet. A connect
// replaces one of them as long as there is one; all others make the pool grow, or follow a close of
// our own (--max-idle, a time-out, a policy without reuse).
//
// One thread, the engine's.
#pragma once

#include <cstdint>

#include "worker/exchange/exchange.h"

namespace drumfire {

class ClosedByPeer {
 public:
  void Add() { ++unreplaced_; }
  // A new connection is there; true when it replaces one.
  bool Replace() {
    if (unreplaced_ == 0) return false;
    --unreplaced_;
    return true;
  }

 private:
  uint64_t unreplaced_ = 0;
};

// Whose doing the end of the connection was on which the exchange ended.
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

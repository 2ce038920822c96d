// Paces connects to an address that fails. While none fails, connects are not limited. After a
// failure, only one connect at a time is tried. The pause before each doubles from kFirstPauseNs to
// kLongestPauseNs and is randomly shortened by up to half, so that the workers of a fleet do not
// retry in step. A successful connect lifts the limit.
//
// Connects that were in progress when the first one failed do not lengthen the pause. The client's
// own failures (no descriptor, no port) say nothing about the address and are not counted.
//
// One thread, the engine's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/clock/clock.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

class ConnectGate {
 public:
  static constexpr int64_t kFirstPauseNs = 10 * kNsPerMs;
  static constexpr int64_t kLongestPauseNs = 500 * kNsPerMs;
  // After this many consecutive failures the address counts as down, and requests waiting for it
  // fail.
  static constexpr uint32_t kDownAfter = 3;

  explicit ConnectGate(uint64_t seed) : random_(seed | 1) {}

  bool MayTry(int64_t now_ns) const { return failures_ == 0 || (now_ns >= next_ns_ && !trying_); }
  void OnTry() { trying_ = failures_ > 0; }
  void OnSuccess();
  // began_ns: start of the connect.
  void OnFailure(v1::ErrorClass error, int64_t began_ns, int64_t now_ns);
  // A connect was abandoned before it ended.
  void OnGivenUp() { trying_ = false; }

  bool is_down() const { return failures_ >= kDownAfter; }
  // When MayTry will next return true, unless a connect is in progress.
  int64_t next_ns() const { return failures_ == 0 ? 0 : next_ns_; }

 private:
  int64_t Jittered(int64_t pause_ns);

  uint32_t failures_ = 0;  // in a row
  bool trying_ = false;
  int64_t last_failure_ns_ = 0;
  int64_t next_ns_ = 0;
  uint64_t random_;
};

// One gate per address.
std::vector<ConnectGate> MakeConnectGates(size_t addresses, const Clock& clock);

}  // namespace drumfire

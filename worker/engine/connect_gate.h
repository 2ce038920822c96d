// Paces the connects to one address that fail. While none fails, connects are free. After a failure
// one connect at a time may be tried, each after a pause that doubles from kFirstPauseNs to
// kLongestPauseNs and is shortened by chance by up to half, so that a fleet does not knock in step.
// One that succeeds opens the gate.
//
// Connects that were under way when the first one failed do not lengthen the pause. A failure of
// our own (no descriptor, no port) says nothing about the address and is not counted here.
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
  // After so many failed tries in a row the address is down: who waits for it fails with the try.
  static constexpr uint32_t kDownAfter = 3;

  explicit ConnectGate(uint64_t seed) : random_(seed | 1) {}

  bool MayTry(int64_t now_ns) const { return failures_ == 0 || (now_ns >= next_ns_ && !trying_); }
  void OnTry() { trying_ = failures_ > 0; }
  void OnSuccess();
  // began_ns: when the connect was begun.
  void OnFailure(v1::ErrorClass error, int64_t began_ns, int64_t now_ns);
  // A try was given up before it ended.
  void OnGivenUp() { trying_ = false; }

  bool is_down() const { return failures_ >= kDownAfter; }
  // When MayTry says yes next, unless a try is under way.
  int64_t next_ns() const { return failures_ == 0 ? 0 : next_ns_; }

 private:
  int64_t Jittered(int64_t pause_ns);

  uint32_t failures_ = 0;  // in a row
  bool trying_ = false;
  int64_t last_failure_ns_ = 0;
  int64_t next_ns_ = 0;
  uint64_t random_;
};

// One for each of so many addresses.
std::vector<ConnectGate> MakeConnectGates(size_t addresses, const Clock& clock);

}  // namespace drumfire

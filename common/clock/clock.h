// Time as a parameter: whatever decides by time takes a Clock, so that tests step it by hand. What
// only waits, or stamps inside a gRPC callback, uses the machine's.
#pragma once

#include <cstdint>
#include <limits>

namespace drumfire {

constexpr int64_t kNsPerUs = 1'000;
constexpr int64_t kNsPerMs = 1'000'000;
constexpr int64_t kNsPerSecond = 1'000'000'000;
// A time that does not come.
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

class Clock {
 public:
  virtual ~Clock() = default;
  // CLOCK_MONOTONIC, ns. All durations come from it. Any thread.
  virtual int64_t MonotonicNs() const = 0;
  // CLOCK_REALTIME, ns since 1970: for people, hosts' offsets and the kernel's stamps. Any thread.
  virtual int64_t WallNs() const = 0;
};

// The machine's clocks. Never null, never destroyed.
const Clock& SystemClock();

// A clock that only its owner advances. One thread.
class FakeClock : public Clock {
 public:
  explicit FakeClock(int64_t monotonic_ns = 0, int64_t wall_ns = 1'700'000'000 * kNsPerSecond)
      : monotonic_ns_(monotonic_ns), wall_ns_(wall_ns) {}

  int64_t MonotonicNs() const override { return monotonic_ns_; }
  int64_t WallNs() const override { return wall_ns_; }
  void Advance(int64_t ns) {
    monotonic_ns_ += ns;
    wall_ns_ += ns;
  }
  // A step of the wall clock alone, as NTP or an operator makes it.
  void StepWall(int64_t ns) { wall_ns_ += ns; }

 private:
  int64_t monotonic_ns_;
  int64_t wall_ns_;
};

}  // namespace drumfire

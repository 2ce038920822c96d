// Estimates the offset of a worker's monotonic clock from ours, from before the first phase to
// after the last: a state machine over clock probes. No duration in a result spans two hosts. The
// estimate only determines each worker's t = 0, and the report states its accuracy.
#pragma once

#include <cstdint>
#include <deque>

#include "coordinator/fleet/clock_reading.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

// Drift between two clocks, parts per million, and its bound.
struct ClockDrift {
  double ppm = 0;
  double bound_ppm = 0;
};

class ClockEstimate {
 public:
  // Number of consecutive probes before the first phase.
  static constexpr uint32_t kFirstProbes = 12;
  // Number of newest replies considered.
  static constexpr size_t kWindow = 12;
  // Two clocks are assumed to drift apart by at most one nanosecond per this many (100 ppm); the
  // bound of an older reply grows accordingly.
  static constexpr int64_t kNsPerDriftedNs = 10'000;

  // The worker is on this host, so its readings do not age.
  void set_is_same_clock(bool is_same_clock) { is_same_clock_ = is_same_clock; }

  // A probe is sent; returns its number. A probe still in flight no longer counts.
  uint32_t OnProbe(int64_t sent_ns, int64_t sent_wall_ns);
  // Returns false and ignores the reply unless it is the first reply to the last probe.
  bool OnReply(const v1::ClockReply& reply, int64_t received_ns);

  // Whether a probe is in flight.
  bool is_waiting() const { return is_waiting_; }
  // Number of answered probes. If 0, all figures are 0: the worker is assumed to share our clock.
  uint32_t probes() const { return probes_; }

  // The best of the newest replies, judged by half the round trip and by age. Worker's clock = ours
  // + offset, within the bound.
  ClockReading At(int64_t now_ns) const;
  int64_t offset_ns() const { return best_.reading.offset_ns; }
  int64_t bound_ns(int64_t now_ns) const { return At(now_ns).bound_ns; }
  // The worker's wall clock minus ours, from the same reply.
  ClockReading WallAt(int64_t now_ns) const;

  // The best of the first replies, the best of the newest later replies, both without ageing, and
  // the time between them (0 if there were no later replies).
  const ClockReading& first() const { return first_.reading; }
  const ClockReading& last() const { return last_.reading; }
  int64_t apart_ns() const { return last_.received_ns - first_.received_ns; }
  // Drift between these two; 0 with a bound of 0 for our own clock, or if no time passed between
  // them.
  ClockDrift Drift() const;
  int64_t shortest_round_trip_ns() const { return shortest_round_trip_ns_; }

 private:
  struct Reply {
    ClockReading reading;
    int64_t wall_offset_ns = 0;
    int64_t received_ns = 0;
  };
  // Of the newest so many, now.
  const Reply& BestOf(size_t count) const;
  int64_t AgedBoundNs(const Reply& reply, int64_t now_ns) const;

  bool is_same_clock_ = false;
  uint32_t last_number_ = 0;
  bool is_waiting_ = false;
  int64_t sent_ns_ = 0;
  int64_t sent_wall_ns_ = 0;
  uint32_t probes_ = 0;
  int64_t shortest_round_trip_ns_ = 0;
  Reply first_;
  Reply best_;  // of the newest
  Reply last_;
  std::deque<Reply> newest_;
};

}  // namespace drumfire

// How a worker's monotonic clock stands against ours, from before the first phase to after the
// last: a state machine over clock probes. No duration of a result crosses two hosts; what depends
// on this is when a worker's t = 0 is, and the report says how well that is known.
#pragma once

#include <cstdint>
#include <deque>

#include "coordinator/fleet/clock_reading.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

// How fast two clocks run apart, parts per million, and the bound of that.
struct ClockDrift {
  double ppm = 0;
  double bound_ppm = 0;
};

class ClockEstimate {
 public:
  // Probes in a row that settle the estimate before the first phase.
  static constexpr uint32_t kFirstProbes = 12;
  // The newest replies that count.
  static constexpr size_t kWindow = 12;
  // Two clocks are taken to drift apart by no more than a nanosecond in so many (100 ppm): an older
  // reply says that much less.
  static constexpr int64_t kNsPerDriftedNs = 10'000;

  // The worker's host is ours: what its clock showed once holds for good.
  void set_is_same_clock(bool is_same_clock) { is_same_clock_ = is_same_clock; }

  // A probe leaves: its number. One that is still under way no longer counts.
  uint32_t OnProbe(int64_t sent_ns, int64_t sent_wall_ns);
  // False, and it does not count, unless it is the first reply to the last probe.
  bool OnReply(const v1::ClockReply& reply, int64_t received_ns);

  // A probe is under way.
  bool is_waiting() const { return is_waiting_; }
  // How many were answered. With none all figures are 0: the worker is taken to share our clock.
  uint32_t probes() const { return probes_; }

  // The best of the newest replies, each judged by half its round trip and its age. Worker's clock
  // = ours + offset, give or take the bound.
  ClockReading At(int64_t now_ns) const;
  int64_t offset_ns() const { return best_.reading.offset_ns; }
  int64_t bound_ns(int64_t now_ns) const { return At(now_ns).bound_ns; }
  // The worker's wall clock against ours, by the same reply.
  ClockReading WallAt(int64_t now_ns) const;

  // The best of the first replies, the best of the newest that came after those, both as they were,
  // and the time between them (0 when none came after).
  const ClockReading& first() const { return first_.reading; }
  const ClockReading& last() const { return last_.reading; }
  int64_t apart_ns() const { return last_.received_ns - first_.received_ns; }
  // Between these two; 0 with a bound of 0 for our own clock and without a time between.
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

// How even the sends of an open loop were: the coefficient of variation of the gaps between
// consecutive requests (by k), as sent and as the schedule intended them. Records come in any
// order; memory is one entry for each request that finished before an earlier one did. Also the
// spans from first to last, from which reached rates follow. One thread at a time.
#pragma once

#include <cstdint>
#include <map>

#include "drumfire/v1/record.pb.h"

namespace drumfire {

// Mean and deviation of a stream of numbers (Welford 1962).
class RunningMoments {
 public:
  void Add(double value);
  uint64_t count() const { return count_; }
  // Standard deviation / mean, of the population; 0 below two values or at mean 0.
  double Variation() const;

 private:
  uint64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

class SendGaps {
 public:
  // Requests that wait for an earlier one at most; past it the earlier one counts as never sent.
  static constexpr size_t kMaxWaiting = 1 << 20;

  // Any record of the phase.
  void Add(const v1::Record& record);
  // No record follows: takes in what still waits for one.
  void Finish();

  double SentVariation() const { return sent_gaps_.Variation(); }
  double IntendedVariation() const { return intended_gaps_.Variation(); }
  uint64_t gaps() const { return sent_gaps_.count(); }

 private:
  struct Times {
    int64_t sent_ns;
    int64_t intended_ns;
  };
  void TakeNext(uint64_t k, const Times& times);

  uint64_t next_k_ = 0;
  std::map<uint64_t, Times> waiting_;
  Times last_{-1, -1};
  RunningMoments sent_gaps_;
  RunningMoments intended_gaps_;
};

}  // namespace drumfire

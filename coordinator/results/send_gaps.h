// Evenness of an open loop's sends: the coefficient of variation of the gaps between the first
// turns of consecutive sessions, as sent and as scheduled. Records may come in any order; memory is
// one entry per session whose record came before an earlier one's. Also the spans from first to
// last, for reached rates. One thread at a time.
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
  // Population standard deviation / mean; 0 with fewer than two values or mean 0.
  double Variation() const;

 private:
  uint64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

class SendGaps {
 public:
  // Limit on requests that wait for an earlier one; beyond it the earlier one counts as never sent.
  static constexpr size_t kMaxWaiting = 1 << 20;

  // Accepts the record of any first turn of the phase.
  void Add(const v1::Record& record);
  // No more records follow: adds those still waiting.
  void Finish();

  double SentVariation() const { return sent_gaps_.Variation(); }
  double IntendedVariation() const { return intended_gaps_.Variation(); }
  uint64_t gaps() const { return sent_gaps_.count(); }

 private:
  struct Times {
    int64_t sent_ns;
    int64_t intended_ns;
  };
  void TakeNext(uint64_t session, const Times& times);

  uint64_t next_session_ = 0;
  std::map<uint64_t, Times> waiting_;
  Times last_{-1, -1};
  RunningMoments sent_gaps_;
  RunningMoments intended_gaps_;
};

}  // namespace drumfire

// What the sink keeps of one phase: its start, its counts, and the histograms of its current
// interval. Threads: any, for all of it.
#pragma once

#include <atomic>
#include <cstdint>

#include "common/metrics/summary.h"
#include "common/sync/mutex.h"
#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

struct RecordCounters {
  // One for each credit sent or dropped, kept or not (PhaseDone.records_made).
  uint64_t records_made = 0;
  // Not kept: the queue or the sink's buffer was full (WorkerHealth.records_dropped).
  uint64_t records_dropped = 0;
  // Answers whose tokens came from usage since the tokenizer was behind.
  uint64_t tokenizer_overflows = 0;
};

class PhaseRecords {
 public:
  PhaseRecords(uint32_t phase, const MetricContext& context) : phase_(phase), summary_(context) {}

  // t = 0 of the phase on the monotonic clock, before its first record.
  std::atomic<int64_t> start_ns = 0;
  std::atomic<uint64_t> records_made = 0;
  std::atomic<uint64_t> records_dropped = 0;
  std::atomic<uint64_t> tokenizer_overflows = 0;

  RecordCounters counters() const;

  // Adds the record to the current interval.
  void Add(const v1::Record& record);
  // Ends the interval. Without a record in it, and without `last`, it does not end: the message has
  // no histograms and no number.
  v1::IntervalHistograms TakeInterval(bool last);

 private:
  const uint32_t phase_;
  Mutex mutex_;
  MetricSummary summary_ ABSL_GUARDED_BY(mutex_);
  bool has_records_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t last_interval_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace drumfire

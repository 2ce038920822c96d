#include "worker/sink/phase_records.h"

#include "common/metrics/intervals.h"

namespace drumfire {

RecordCounters PhaseRecords::counters() const {
  return {records_made, records_dropped, tokenizer_overflows};
}

void PhaseRecords::Add(const v1::Record& record) {
  const MutexLock lock(&mutex_);
  summary_.Add(record);
  has_records_ = true;
}

v1::IntervalHistograms PhaseRecords::TakeInterval(bool last) {
  v1::IntervalHistograms message;
  message.set_phase(phase_);
  const MutexLock lock(&mutex_);
  if (!has_records_ && !last) return message;
  message.set_interval(++last_interval_);
  message.set_last(last);
  AppendHistograms(summary_, &message);
  summary_.Clear();
  has_records_ = false;
  return message;
}

}  // namespace drumfire

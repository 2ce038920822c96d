// Records on their way into one batch: full after so many records or bytes, due a little after its
// first record. Keeps the records' memory from batch to batch. Takes times as parameters; one
// thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "common/clock/clock.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

constexpr int kMaxPendingRecords = 1024;
constexpr size_t kMaxPendingBytes = 1 << 20;
constexpr int64_t kMaxPendingNs = 100 * kNsPerMs;
// A small buffer still holds a few batches, so that one that does not fit is few records.
constexpr size_t kBatchesInBuffer = 4;

class PendingBatch {
 public:
  // max_bytes: of the records, at most kMaxPendingBytes.
  explicit PendingBatch(size_t max_bytes) : max_bytes_(std::min(max_bytes, kMaxPendingBytes)) {}

  // An empty record at the batch's end, to be filled, then counted with Filled.
  v1::Record* Add() { return batch_.add_records(); }
  void Filled(const v1::Record& record, int64_t now_ns) {
    if (batch_.records_size() == 1) due_ns_ = now_ns + kMaxPendingNs;
    bytes_ += record.ByteSizeLong();
  }

  bool empty() const { return batch_.records().empty(); }
  bool full() const { return batch_.records_size() >= kMaxPendingRecords || bytes_ >= max_bytes_; }
  // When it should be sent though it is not full; only when it is not empty.
  int64_t due_ns() const { return due_ns_; }

  v1::RecordBatch* batch() { return &batch_; }
  void Clear() {
    batch_.Clear();
    bytes_ = 0;
  }

 private:
  const size_t max_bytes_;
  v1::RecordBatch batch_;
  size_t bytes_ = 0;
  int64_t due_ns_ = 0;
};

}  // namespace drumfire

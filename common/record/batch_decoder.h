// Payload of a frame -> v1::RecordBatch, for the coordinator's ingest and the journal's reader. Any
// bytes may come in; memory stays bounded whatever they claim. The records live in an arena that is
// used again, so that a batch costs no allocations in the steady state. One thread.
#pragma once

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "drumfire/v1/record.pb.h"
#include "google/protobuf/arena.h"

namespace drumfire {

// Far above what a worker puts into one batch.
constexpr size_t kMaxBatchRecords = 1 << 16;

class BatchDecoder {
 public:
  BatchDecoder();

  // DATA_LOSS when the payload is no batch or holds more than kMaxBatchRecords. The batch lives
  // until the next call.
  absl::StatusOr<const v1::RecordBatch*> Decode(absl::string_view payload);

 private:
  std::vector<char> first_block_;
  google::protobuf::Arena arena_;
};

}  // namespace drumfire

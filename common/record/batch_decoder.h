// Decodes the payload of a frame to a v1::RecordBatch, for the coordinator's ingest and the
// journal's reader. Accepts arbitrary bytes with bounded memory. The records are in an arena that
// is reused, so that a batch costs no allocations in the steady state. One thread.
#pragma once

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "drumfire/v1/record.pb.h"
#include "google/protobuf/arena.h"

namespace drumfire {

// Far more than a worker puts into one batch.
constexpr size_t kMaxBatchRecords = 1 << 16;

class BatchDecoder {
 public:
  BatchDecoder();

  // Texts of errors come cleaned (common/text).
  // DATA_LOSS if the payload is not a batch or contains more than kMaxBatchRecords. The batch is
  // valid until the next call.
  absl::StatusOr<const v1::RecordBatch*> Decode(absl::string_view payload);

 private:
  std::vector<char> first_block_;
  google::protobuf::Arena arena_;
};

}  // namespace drumfire

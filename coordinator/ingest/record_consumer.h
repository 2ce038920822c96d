// Receives the records that ingest has taken.
#pragma once

#include <cstdint>

#include "drumfire/v1/record.pb.h"

namespace drumfire {

// Called on the intake's loop; a slow consumer makes the workers' buffers fill, never the load
// slow.
class RecordConsumer {
 public:
  virtual ~RecordConsumer() = default;
  // Each batch once, in the order of arrival. It lives until the return.
  virtual void OnBatch(const v1::RecordBatch& batch) = 0;
  // All batches of the worker's epoch up to sequence went to OnBatch and the journal: to be sent as
  // RecordAck. Comes again after a repeat, whose ack may have been lost.
  virtual void OnAck(uint32_t worker, uint64_t epoch, uint64_t sequence) = 0;
};

}  // namespace drumfire

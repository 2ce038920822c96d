// Sends record batches to the coordinator and keeps each until it is acked. Never waits: a batch
// past the bound is refused, for the caller to count. A loop without a thread and without a socket
// (common/loop); the link carries the frames.
//
//   BatchSender sender(options, &link, [&] { runner->Wake(); });
//   auto runner = runners.Run(&sender, link.waiter());
//   if (!sender.AddBatch(&batch)) ...   // refused: its records are dropped
//   sender.Ack(sequence);               // all batches up to sequence are in the coordinator's
//   hands
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "common/clock/clock.h"
#include "common/loop/loop.h"
#include "common/sync/mutex.h"
#include "drumfire/v1/record.pb.h"
#include "worker/sink/unacked_batches.h"

namespace drumfire {

// The worker's end of the record stream. The sender's thread.
class RecordLink {
 public:
  virtual ~RecordLink() = default;
  // False when it takes no more now.
  virtual bool Send(const std::string& frame) = 0;
  // How the sender's loop waits: returns as soon as a full link takes more. Null = it cannot tell,
  // and a full link is tried again a little later.
  virtual LoopWaiter* waiter() { return nullptr; }
  // The ZeroMQ endpoint to connect to, and the CURVE public key to connect with.
  virtual std::string endpoint() const { return ""; }
  virtual std::string server_key() const { return ""; }
};

struct BatchSenderOptions {
  // From Hello; every batch carries them.
  std::string run_id;
  uint32_t worker = 0;
  uint64_t epoch = 0;
  // Batches that are not acked take no more than this.
  uint64_t buffer_bytes = 64 << 20;
  // A batch not acked for so long after its send is sent again.
  int64_t resend_after_ns = 2 * kNsPerSecond;
};

struct BatchSenderCounters {
  uint64_t last_sequence = 0;  // of the last batch kept; 0 = none yet
  uint64_t resends = 0;        // batches sent again
  uint64_t held_bytes = 0;     // not acked
};

// AddBatch on one thread, Step on another; all else on any.
class BatchSender : public Loop {
 public:
  // link is not owned. wake: makes the loop step soon.
  BatchSender(const BatchSenderOptions& options, RecordLink* link, std::function<void()> wake);

  // Numbers the batch and keeps it until it is acked; false when it does not fit. The caller sets
  // the records, the rest is set here.
  bool AddBatch(v1::RecordBatch* batch);
  // RecordAck. INVALID_ARGUMENT for a number never given out.
  absl::Status Ack(uint64_t sequence);
  // The coordinator came back: all that is not acked is sent again now.
  void ResendUnacked();

  size_t buffer_bytes() const { return options_.buffer_bytes; }
  BatchSenderCounters counters() const;

  // Sends all that is due.
  int64_t Step(int64_t now_ns) override;

 private:
  const BatchSenderOptions options_;
  RecordLink* const link_;
  const std::function<void()> wake_;

  mutable Mutex mutex_;
  UnackedBatches unacked_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace drumfire

// What the coordinator has not confirmed yet: batches in order of their numbers, what was sent
// when, and what is due to be sent now. A state machine: it takes the time as a parameter, sends
// nothing and starts no thread. One thread at a time.
//
//   if (!buffer.Add(frame)) ...               // the frame carries next_sequence()
//   while (const std::string* frame = buffer.Due(now_ns)) {
//     if (!Send(*frame)) break;
//     buffer.MarkSent(now_ns);
//   }
//   buffer.Ack(sequence);                     // the coordinator has all batches up to sequence
//
// A batch is due when it was never sent, when its last send is resend_after_ns ago without an ack
// (the wait doubles with every resend, kMaxResendDoublings times at most), or when ResendAll was
// called since.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"

namespace drumfire {

class UnackedBatches {
 public:
  // Few: at the end of a phase the coordinator waits for records half a minute, over bad links too.
  static constexpr uint32_t kMaxResendDoublings = 2;
  // What holding a batch costs beside its frame.
  static constexpr size_t kBatchOverheadBytes = 128;

  // max_bytes: bound of all that is held. resend_after_ns > 0.
  UnackedBatches(size_t max_bytes, int64_t resend_after_ns)
      : max_bytes_(max_bytes), resend_after_ns_(resend_after_ns) {}

  // The number the next batch must carry, from 1.
  uint64_t next_sequence() const { return first_sequence_ + batches_.size(); }
  // Takes the frame of batch next_sequence(); false, and the number stays free, when the bound
  // would be passed.
  bool Add(std::string frame);

  // The frame to send now, the one due longest first; null when there is none. Valid until the next
  // call that is not const.
  const std::string* Due(int64_t now_ns) const;
  // The frame that Due gave was handed to the socket.
  void MarkSent(int64_t now_ns);
  // When Due next gives a frame; kNever when all is acked.
  int64_t NextDueNs() const;

  // Drops all batches up to sequence. INVALID_ARGUMENT, and nothing dropped, for a number never
  // given out. An ack older than one before has no effect.
  absl::Status Ack(uint64_t sequence);
  // All that is not acked is due at once: the link was made anew.
  void ResendAll();

  size_t held_bytes() const { return held_bytes_; }
  size_t held_batches() const { return batches_.size(); }
  // Batches sent again, ever.
  uint64_t resends() const { return resends_; }

 private:
  static constexpr int64_t kAtOnce = INT64_MIN;

  struct Batch {
    std::string frame;
    uint32_t sends = 0;
    int64_t due_ns = kAtOnce;
  };

  void Reschedule(uint64_t sequence, int64_t due_ns);
  void DropFirst();

  const size_t max_bytes_;
  const int64_t resend_after_ns_;
  uint64_t first_sequence_ = 1;                 // of batches_.front()
  std::deque<Batch> batches_;                   // without gaps
  std::set<std::pair<int64_t, uint64_t>> due_;  // (due_ns, sequence) of each batch
  size_t held_bytes_ = 0;
  uint64_t resends_ = 0;
};

}  // namespace drumfire

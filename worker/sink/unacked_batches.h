// What the coordinator has not confirmed yet: batches in order of their numbers, what was sent when, and what is due to be
// sent now. A state machine: it takes the time as a parameter, sends nothing and starts no thread. One thread at a time.
//
//   if (buffer.Add(frame)) ...                    // numbered next_sequence() by the caller beforehand
//   while (const std::string* frame = buffer.Due(now_ns)) { if (!send(*frame)) break; buffer.MarkSent(now_ns); }
//   buffer.Ack(sequence);                         // all up to sequence are in the coordinator's hands
//
// A batch is due when it was never sent, when its last send is resend_after_ns ago without an ack (the wait doubles with
// every resend, up to 2^kMaxResendDoublings), or when ResendAll was called since.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "absl/status/status.h"

namespace drumfire {

class UnackedBatches {
 public:
  static constexpr uint32_t kMaxResendDoublings = 4;

  // max_bytes: bound of all frames held. resend_after_ns > 0.
  UnackedBatches(size_t max_bytes, int64_t resend_after_ns)
      : max_bytes_(max_bytes), resend_after_ns_(resend_after_ns) {}

  // The number the next batch must carry, from 1.
  uint64_t next_sequence() const { return next_sequence_; }
  // Takes the frame of batch next_sequence(); false, and the number stays free, when the bound would be passed.
  bool Add(std::string frame);

  // The frame to send now, the lowest number first; null when there is none. Valid until the next call that is not const.
  const std::string* Due(int64_t now_ns);
  // The frame that Due gave last was handed to the socket.
  void MarkSent(int64_t now_ns);
  // When Due may next give a frame; INT64_MAX when all is acked.
  int64_t NextDueNs() const;

  // Drops all batches up to sequence. INVALID_ARGUMENT, and nothing dropped, for a number never given out. An older ack
  // than one before has no effect.
  absl::Status Ack(uint64_t sequence);
  // All that is not acked is due at once: the link was new made.
  void ResendAll();

  size_t held_bytes() const { return held_bytes_; }
  size_t held_batches() const { return batches_.size(); }
  uint64_t resends() const { return resends_; }

 private:
  struct Batch {
    std::string frame;
    uint32_t sends = 0;
    int64_t due_ns;
  };

  const size_t max_bytes_;
  const int64_t resend_after_ns_;
  uint64_t next_sequence_ = 1;
  std::deque<Batch> batches_;  // numbers next_sequence_ - size .. next_sequence_ - 1
  size_t held_bytes_ = 0;
  size_t due_index_ = 0;  // of the frame that Due gave last
  uint64_t resends_ = 0;
};

}  // namespace drumfire

// Bounds the bytes of messages that wait for a session: its coordinator is read no further while
// more than kMostQueuedBytes wait, and read on when half of them are gone. Any thread.
//
//   if (!queued.Add(message_bytes)) ...     // pause
//   if (queued.Remove(message_bytes)) ...   // resume
#pragma once

#include <cstddef>
#include <utility>

#include "common/control/limits.h"
#include "common/sync/mutex.h"

namespace drumfire {

// One message of any size always fits, so twice this may wait.
constexpr size_t kMostQueuedBytes = kMaxControlMessageBytes;

class QueuedBytes {
 public:
  // False: the sender is to pause until a Remove returns true.
  [[nodiscard]] bool Add(size_t bytes) {
    const MutexLock lock(&mutex_);
    bytes_ += bytes;
    is_paused_ = bytes_ > kMostQueuedBytes;
    return !is_paused_;
  }
  // True: the sender paused and is to go on.
  [[nodiscard]] bool Remove(size_t bytes) {
    const MutexLock lock(&mutex_);
    bytes_ -= bytes;
    return bytes_ <= kMostQueuedBytes / 2 && std::exchange(is_paused_, false);
  }

 private:
  Mutex mutex_;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool is_paused_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace drumfire

// The sending half of a gRPC callback stream: gRPC allows one write in flight, so messages queue
// here in order. Used by both ends of the control stream. A peer that does not read never blocks
// the sender.
//
//     if (outbox.Push(message) == PushResult::kFull) Cancel();  // any thread
//     outbox.OnWritten(ok);                                     // from the reactor's OnWriteDone
//     outbox.CloseAfterWrites(finish);                          // at the end
//
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "common/sync/mutex.h"

namespace drumfire {

// A peer with more unprocessed messages than this is disconnected. Applies to every queue of a
// control stream, at both ends and in both directions.
constexpr size_t kMaxQueuedMessages = 1 << 16;

enum class PushResult {
  kQueued,
  // No messages are accepted after CloseAfterWrites.
  kClosed,
  // The peer does not keep up. This message is dropped and no later one is accepted, since it would
  // follow a gap: the stream must be cancelled.
  kFull,
};

// How far the other side is. Two looks with messages waiting and no more written between them: it
// takes none.
struct OutboxState {
  uint64_t written = 0;  // messages so far
  size_t waiting = 0;    // the one that is being written and those behind it
};

// Reactor: grpc::ClientBidiReactor or grpc::ServerBidiReactor, whose OnWriteDone must call
// OnWritten. Any thread.
template <typename Reactor, typename Message>
class Outbox {
 public:
  explicit Outbox(Reactor* reactor) : reactor_(reactor) {}

  [[nodiscard]] PushResult Push(Message message) {
    const MutexLock lock(&mutex_);
    if (closed_) return PushResult::kClosed;
    overflowed_ = overflowed_ || queue_.size() >= kMaxQueuedMessages;
    if (overflowed_) return PushResult::kFull;
    queue_.push_back(std::move(message));
    if (queue_.size() == 1) reactor_->StartWrite(&queue_.front());
    return PushResult::kQueued;
  }

  void OnWritten(bool ok) {
    std::function<void()> finish;
    {
      const MutexLock lock(&mutex_);
      queue_.pop_front();
      ++written_;
      if (!ok) queue_.clear();
      if (!queue_.empty()) return reactor_->StartWrite(&queue_.front());
      finish = std::exchange(finish_, nullptr);
    }
    if (finish) finish();
  }

  OutboxState state() const {
    const MutexLock lock(&mutex_);
    return {written_, queue_.size()};
  }

  // Accepts no more messages; calls finish once the queued ones are written (or cannot be). Only
  // the first call counts.
  void CloseAfterWrites(std::function<void()> finish) {
    {
      const MutexLock lock(&mutex_);
      if (std::exchange(closed_, true)) return;
      if (!queue_.empty()) {
        finish_ = std::move(finish);
        return;
      }
    }
    finish();
  }

 private:
  Reactor* const reactor_;
  mutable Mutex mutex_;
  uint64_t written_ ABSL_GUARDED_BY(mutex_) = 0;
  // The front message is being written; references stay valid while others are added.
  std::deque<Message> queue_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool overflowed_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<void()> finish_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace drumfire

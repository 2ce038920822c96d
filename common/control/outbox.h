// The sending half of a gRPC callback stream: gRPC allows one write in flight, so messages wait
// here in order. Used by both ends of the control stream; a peer that does not read can never hold
// the sender up.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

namespace drumfire {

// A peer that lets so many messages pile up is as good as gone; one that sends so many more than
// are taken is broken off. The bound of every queue of a control stream, at both ends and both
// ways.
constexpr size_t kMaxQueuedMessages = 1 << 16;

// Reactor: grpc::ClientBidiReactor or grpc::ServerBidiReactor, whose OnWriteDone must call
// OnWritten. Any thread.
template <typename Reactor, typename Message>
class Outbox {
 public:
  explicit Outbox(Reactor* reactor) : reactor_(reactor) {}

  // False when the stream is closed or the peer does not keep up: the message is dropped.
  bool Push(Message message) {
    const std::lock_guard lock(mutex_);
    if (closed_ || queue_.size() >= kMaxQueuedMessages) return false;
    queue_.push_back(std::move(message));
    if (queue_.size() == 1) reactor_->StartWrite(&queue_.front());
    return true;
  }

  void OnWritten(bool ok) {
    std::function<void()> finish;
    {
      const std::lock_guard lock(mutex_);
      queue_.pop_front();
      if (!ok) queue_.clear();
      if (!queue_.empty()) return reactor_->StartWrite(&queue_.front());
      finish = std::exchange(finish_, nullptr);
    }
    if (finish) finish();
  }

  // Takes no more messages; calls finish once those queued are written (or cannot be). Only the
  // first call counts.
  void CloseAfterWrites(std::function<void()> finish) {
    {
      const std::lock_guard lock(mutex_);
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
  std::mutex mutex_;
  std::deque<Message>
      queue_;  // the front one is being written; references stay valid while others are added
  bool closed_ = false;
  std::function<void()> finish_;
};

}  // namespace drumfire

#include "worker/dispatch/ready_queue.h"

#include <iterator>
#include <utility>

namespace drumfire {

size_t ReadyQueue::SizeOf(const Exchange& exchange) {
  return sizeof(Exchange) + exchange.head.size() + exchange.body->size();
}

bool ReadyQueue::Fits(size_t size_bytes) const {
  return held_requests_ == 0 ||
         (held_requests_ < max_requests_ && held_bytes_ + size_bytes <= max_bytes_);
}

ReadyQueue::Pushed ReadyQueue::Push(std::unique_ptr<Exchange> exchange,
                                    const std::function<void()>& before_waiting) {
  const size_t size_bytes = SizeOf(*exchange);
  std::unique_lock lock(mutex_);
  if (!closed_ && !Fits(size_bytes)) {
    lock.unlock();
    before_waiting();
    lock.lock();
  }
  room_.wait(lock, [&] { return closed_ || Fits(size_bytes); });
  if (closed_) return Pushed::kClosed;
  ++held_requests_;
  held_bytes_ += size_bytes;
  if (exchange->k < std::exchange(last_k_, exchange->k)) has_earlier_ = true;
  ready_.push_back(std::move(exchange));
  return std::exchange(reader_hungry_, false) ? Pushed::kWakeReader : Pushed::kQuietly;
}

void ReadyQueue::TakeAll(std::deque<std::unique_ptr<Exchange>>* out) {
  const std::lock_guard lock(mutex_);
  std::move(ready_.begin(), ready_.end(), std::back_inserter(*out));
  ready_.clear();
  has_earlier_ = false;
  reader_hungry_ = out->empty();
}

void ReadyQueue::Release(const Exchange& exchange) {
  bool half_free = false;
  {
    const std::lock_guard lock(mutex_);
    --held_requests_;
    held_bytes_ -= SizeOf(exchange);
    half_free = held_requests_ == 0 ||
                (held_requests_ <= max_requests_ / 2 && held_bytes_ <= max_bytes_ / 2);
  }
  if (half_free) room_.notify_one();
}

void ReadyQueue::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  room_.notify_all();
}

}  // namespace drumfire

#include "worker/dispatch/ready_queue.h"

#include <iterator>
#include <utility>

#include "glog/logging.h"

namespace drumfire {

size_t ReadyQueue::SizeOf(const Exchange& exchange) {
  return sizeof(Exchange) + exchange.head.size() + exchange.body->size();
}

bool ReadyQueue::Fits(size_t size_bytes) const {
  return held_requests_ == 0 ||
         (held_requests_ < max_requests_ && held_bytes_ + size_bytes <= max_bytes_);
}

bool ReadyQueue::HalfIsFree() const {
  return held_requests_ == 0 ||
         (held_requests_ <= max_requests_ / 2 && held_bytes_ <= max_bytes_ / 2);
}

bool ReadyQueue::Push(std::unique_ptr<Exchange>* exchange) {
  const size_t size_bytes = SizeOf(**exchange);
  bool wakes = false;
  {
    const MutexLock lock(&mutex_);
    maker_waits_ = !Fits(size_bytes);
    if (maker_waits_) return false;
    ++held_requests_;
    held_bytes_ += size_bytes;
    if ((*exchange)->k < std::exchange(last_k_, (*exchange)->k)) has_earlier_ = true;
    ready_.push_back(std::move(*exchange));
    wakes = std::exchange(reader_waits_, false);
  }
  if (wakes) wakers_.wake_reader();
  return true;
}

void ReadyQueue::TakeAll(std::deque<std::unique_ptr<Exchange>>* out) {
  const MutexLock lock(&mutex_);
  std::move(ready_.begin(), ready_.end(), std::back_inserter(*out));
  ready_.clear();
  has_earlier_ = false;
  reader_waits_ = out->empty();
}

void ReadyQueue::Release(const Exchange& exchange) {
  bool wakes = false;
  {
    const MutexLock lock(&mutex_);
    DCHECK_GT(held_requests_, 0u);
    --held_requests_;
    held_bytes_ -= SizeOf(exchange);
    wakes = maker_waits_ && HalfIsFree();
    if (wakes) maker_waits_ = false;
  }
  if (wakes) wakers_.wake_maker();
}

}  // namespace drumfire

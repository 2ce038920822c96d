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

bool ReadyQueue::Push(std::unique_ptr<Exchange>* first_turn) {
  const size_t size_bytes = SizeOf(**first_turn);
  bool wakes = false;
  {
    const MutexLock lock(&mutex_);
    maker_waits_ = !Fits(size_bytes);
    if (maker_waits_) return false;
    ++held_requests_;
    held_bytes_ += size_bytes;
    const uint64_t session = (*first_turn)->session;
    if (session < std::exchange(last_session_, session)) has_earlier_ = true;
    ready_.push_back(std::move(*first_turn));
    wakes = std::exchange(reader_waits_, false);
  }
  if (wakes) wakers_.wake_reader();
  return true;
}

void ReadyQueue::PushNext(std::unique_ptr<Exchange> next_turn) {
  {
    const MutexLock lock(&mutex_);
    next_.push_back(std::move(next_turn));
    has_next_ = true;
  }
  wakers_.wake_reader();
}

std::vector<std::unique_ptr<Exchange>> ReadyQueue::TakeNext() {
  const MutexLock lock(&mutex_);
  has_next_ = false;
  return std::exchange(next_, {});
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

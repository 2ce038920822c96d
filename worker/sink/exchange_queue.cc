#include "worker/sink/exchange_queue.h"

#include <algorithm>
#include <utility>

namespace drumfire {

size_t HeldBytes(const Exchange& exchange) {
  return sizeof(Exchange) + exchange.head.capacity() + exchange.error_message.capacity() +
         exchange.gaps_ns.capacity() * sizeof(exchange.gaps_ns[0]) +
         exchange.escaped_text.capacity() + exchange.escaped_reasoning.capacity();
}

bool ExchangeQueue::Push(std::unique_ptr<Exchange> exchange) {
  const size_t bytes = HeldBytes(*exchange);
  bool wakes = false;
  {
    const MutexLock lock(&mutex_);
    if (exchanges_.size() >= max_exchanges_ || held_bytes_ + bytes > max_bytes_) return false;
    held_bytes_ += bytes;
    exchanges_.push_back(std::move(exchange));
    wakes = exchanges_.size() == wake_at_;
  }
  if (wakes) wake_();
  return true;
}

void ExchangeQueue::Post(std::function<void()> task) {
  {
    const MutexLock lock(&mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_();
}

ExchangeQueue::Taken ExchangeQueue::Take() {
  Taken taken;
  const MutexLock lock(&mutex_);
  wake_at_ = 0;
  const size_t count = std::min(exchanges_.size(), kTakeAtMost);
  for (size_t i = 0; i < count; ++i) {
    held_bytes_ -= HeldBytes(*exchanges_.front());
    taken.exchanges.push_back(std::move(exchanges_.front()));
    exchanges_.pop_front();
  }
  taken.backlog = exchanges_.size();
  if (taken.backlog == 0) taken.tasks.swap(tasks_);
  return taken;
}

bool ExchangeQueue::Sleep(size_t wake_at) {
  const MutexLock lock(&mutex_);
  if (exchanges_.size() >= wake_at || !tasks_.empty()) return false;
  wake_at_ = wake_at;
  return true;
}

}  // namespace drumfire

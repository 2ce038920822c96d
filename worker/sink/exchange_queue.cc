#include "worker/sink/exchange_queue.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace drumfire {

size_t HeldBytes(const Exchange& exchange) {
  return sizeof(Exchange) + exchange.head.capacity() + exchange.error_message.capacity() +
         exchange.gaps_ns.capacity() * sizeof(exchange.gaps_ns[0]) +
         exchange.escaped_text.capacity() + exchange.escaped_reasoning.capacity();
}

bool ExchangeQueue::Push(std::unique_ptr<Exchange> exchange) {
  const size_t bytes = HeldBytes(*exchange);
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (exchanges_.size() >= max_exchanges_ || held_bytes_ + bytes > max_bytes_) return false;
    held_bytes_ += bytes;
    exchanges_.push_back(std::move(exchange));
    wake = exchanges_.size() == wake_at_;
  }
  if (wake) ready_.notify_one();
  return true;
}

void ExchangeQueue::Post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  ready_.notify_one();
}

void ExchangeQueue::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  ready_.notify_one();
}

bool ExchangeQueue::IsReady(size_t wanted) const {
  return exchanges_.size() >= wanted || !tasks_.empty() || closed_;
}

ExchangeQueue::Taken ExchangeQueue::Take(int64_t patience_ns) {
  Taken taken;
  std::unique_lock lock(mutex_);
  wake_at_ = patience_ns < 0 ? 1 : kTakeAtMost;
  if (patience_ns < 0) {
    ready_.wait(lock, [this] { return IsReady(1); });
  } else {
    ready_.wait_for(lock, std::chrono::nanoseconds(patience_ns),
                    [this] { return IsReady(kTakeAtMost); });
  }
  wake_at_ = 0;
  const size_t count = std::min(exchanges_.size(), kTakeAtMost);
  for (size_t i = 0; i < count; ++i) {
    held_bytes_ -= HeldBytes(*exchanges_.front());
    taken.exchanges.push_back(std::move(exchanges_.front()));
    exchanges_.pop_front();
  }
  taken.backlog = exchanges_.size();
  if (taken.backlog == 0) taken.tasks.swap(tasks_);
  taken.at_end = closed_ && count == 0 && taken.tasks.empty();
  return taken;
}

}  // namespace drumfire

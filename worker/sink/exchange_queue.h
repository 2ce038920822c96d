// The bounded queue from the I/O loop to the record builder. Nobody waits in it: what does not fit
// is refused, and a consumer that wants to sleep says how much must be there to wake it, so that
// one that is behind is not woken for every exchange.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "common/sync/mutex.h"
#include "worker/exchange/exchange.h"

namespace drumfire {

// Push and Post on any thread; Take and Sleep on the consumer's.
class ExchangeQueue {
 public:
  // The most that one Take hands over.
  static constexpr size_t kTakeAtMost = 64;

  // wake: wakes the consumer; called by whoever pushes, outside the lock.
  ExchangeQueue(size_t max_exchanges, size_t max_bytes, std::function<void()> wake)
      : max_exchanges_(max_exchanges), max_bytes_(max_bytes), wake_(std::move(wake)) {}

  // False, and the exchange is gone, when either bound would be passed.
  bool Push(std::unique_ptr<Exchange> exchange);
  // A task to run once all that was pushed before is taken and handled; never refused.
  void Post(std::function<void()> task);

  struct Taken {
    std::vector<std::unique_ptr<Exchange>> exchanges;
    // Run these after the exchanges.
    std::vector<std::function<void()>> tasks;
    // Exchanges that wait behind these.
    size_t backlog = 0;
  };
  // May hand over nothing.
  Taken Take();
  // The consumer sleeps until so many exchanges wait, or a task: true, and it will be woken. False
  // when that is so already.
  bool Sleep(size_t wake_at);

 private:
  const size_t max_exchanges_;
  const size_t max_bytes_;
  const std::function<void()> wake_;

  Mutex mutex_;
  std::deque<std::unique_ptr<Exchange>> exchanges_ ABSL_GUARDED_BY(mutex_);
  size_t held_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  size_t wake_at_ ABSL_GUARDED_BY(mutex_) = 0;  // 0 = the consumer does not sleep
};

// The memory that an exchange holds, nearly.
size_t HeldBytes(const Exchange& exchange);

}  // namespace drumfire

// The bounded queue from the I/O threads to the recorder's thread. Push never waits for the
// consumer: what does not fit is refused. A consumer that is behind is not woken for every
// exchange. Threads: Push, Post and Close on any thread; Take on one.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "worker/engine/exchange.h"

namespace drumfire {

class ExchangeQueue {
 public:
  // What one Take hands over at most, and how many exchanges end a wait before its time.
  static constexpr size_t kTakeAtMost = 64;

  ExchangeQueue(size_t max_exchanges, size_t max_bytes)
      : max_exchanges_(max_exchanges), max_bytes_(max_bytes) {}

  // False, and the exchange is gone, when either bound would be passed.
  bool Push(std::unique_ptr<Exchange> exchange);
  // A task to run once all that was pushed before is taken and handled; never refused.
  void Post(std::function<void()> task);
  // Lets Take return what is left, then nothing.
  void Close();

  struct Taken {
    std::vector<std::unique_ptr<Exchange>> exchanges;
    // Run these after the exchanges.
    std::vector<std::function<void()>> tasks;
    // Exchanges that wait behind these.
    size_t backlog = 0;
    // Closed, and nothing is left.
    bool at_end = false;
  };
  // Waits until there are kTakeAtMost exchanges, a task, the end, or patience_ns is over; with
  // patience_ns < 0 for the first exchange without end. May hand over nothing.
  Taken Take(int64_t patience_ns);

 private:
  bool IsReady(size_t wanted) const;

  const size_t max_exchanges_;
  const size_t max_bytes_;

  std::mutex mutex_;
  std::condition_variable ready_;
  // Guarded by mutex_, all below.
  std::deque<std::unique_ptr<Exchange>> exchanges_;
  size_t held_bytes_ = 0;
  std::vector<std::function<void()>> tasks_;
  bool closed_ = false;
  size_t wake_at_ = 0;  // exchanges for which the consumer waits; 0 = it does not wait
};

// What an exchange holds in memory, nearly.
size_t HeldBytes(const Exchange& exchange);

}  // namespace drumfire

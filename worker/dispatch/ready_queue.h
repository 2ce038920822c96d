// The bounded queue between the preparer's thread, which makes requests ahead of time, and the I/O
// thread, which sends them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>

#include "worker/engine/exchange.h"

namespace drumfire {

constexpr uint64_t kNoCredit = std::numeric_limits<uint64_t>::max();

class ReadyQueue {
 public:
  ReadyQueue(size_t max_requests, size_t max_bytes)
      : max_requests_(max_requests), max_bytes_(max_bytes) {}

  enum class Pushed { kQuietly, kWakeReader, kClosed };

  // Preparer: waits until there is room (one request always fits). kWakeReader: the reader found
  // nothing the last time it looked and wants to be woken. kClosed: the request was destroyed.
  // before_waiting is called, unlocked, when there is no room.
  Pushed Push(std::unique_ptr<Exchange> exchange, const std::function<void()>& before_waiting);
  // I/O thread: moves all that is ready to the end of *out.
  void TakeAll(std::deque<std::unique_ptr<Exchange>>* out);
  // Preparer: the lowest k that it holds and has not pushed yet; kNoCredit = none.
  void NoteUnmade(uint64_t k) { lowest_unmade_ = k; }
  uint64_t lowest_unmade() const { return lowest_unmade_; }
  // A request waits that comes before one pushed earlier (its k is lower). I/O thread.
  bool has_earlier() const { return has_earlier_.load(std::memory_order_relaxed); }
  // I/O thread: a request taken before is about to be sent or thrown away; makes room for the next.
  // The preparer is woken only when half is free, so that it works in batches.
  void Release(const Exchange& exchange);
  // Wakes a waiting Push for good. Any thread.
  void Close();

 private:
  static size_t SizeOf(const Exchange& exchange);
  bool Fits(size_t size_bytes) const;

  const size_t max_requests_, max_bytes_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::deque<std::unique_ptr<Exchange>> ready_;
  size_t held_requests_ = 0, held_bytes_ = 0;  // pushed and not yet released
  uint64_t last_k_ = 0;                        // of the request pushed last
  std::atomic<bool> has_earlier_ = false;
  std::atomic<uint64_t> lowest_unmade_ = kNoCredit;
  bool reader_hungry_ = true;
  bool closed_ = false;
};

}  // namespace drumfire

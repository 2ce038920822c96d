// The queue between the request maker, which makes requests ahead of time, and the I/O loop, which
// sends them. First turns are bounded. Further turns always fit: no more of them wait than sessions
// are in flight, and a session waiting behind first turns would hold its slot for ever. Nobody
// waits in it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

#include "common/sync/mutex.h"
#include "worker/exchange/exchange.h"

namespace drumfire {

constexpr uint64_t kNoCredit = std::numeric_limits<uint64_t>::max();

class ReadyQueue {
 public:
  struct Wakers {
    // The reader found nothing the last time it looked, and now there is something. Called by the
    // maker.
    std::function<void()> wake_reader;
    // The queue was full when the maker pushed, and now half of it is free. (Waiting for half lets
    // the maker work in batches.) Called by the I/O loop.
    std::function<void()> wake_maker;
  };

  ReadyQueue(size_t max_requests, size_t max_bytes, Wakers wakers)
      : max_requests_(max_requests), max_bytes_(max_bytes), wakers_(std::move(wakers)) {}

  // --- the maker ---
  // Takes the request and leaves *exchange null; or leaves it as it is when there is no room (one
  // request always fits).
  bool Push(std::unique_ptr<Exchange>* first_turn);
  // A further turn of a session in flight.
  void PushNext(std::unique_ptr<Exchange> next_turn);
  // The lowest session that it holds and has not pushed yet; kNoCredit = none. Any thread.
  void NoteUnprepared(uint64_t session) { lowest_unprepared_ = session; }

  // --- the I/O loop ---
  // Moves all first turns that are ready to the end of *out.
  void TakeAll(std::deque<std::unique_ptr<Exchange>>* out);
  uint64_t lowest_unprepared() const { return lowest_unprepared_; }
  // Further turns that are ready.
  std::vector<std::unique_ptr<Exchange>> TakeNext();
  bool has_next() const { return has_next_.load(std::memory_order_relaxed); }
  // A first turn waits that comes before one pushed earlier (its session is lower).
  bool has_earlier() const { return has_earlier_.load(std::memory_order_relaxed); }
  // A first turn taken before is about to be sent or thrown away; makes room for another.
  void Release(const Exchange& exchange);

 private:
  static size_t SizeOf(const Exchange& exchange);
  bool Fits(size_t size_bytes) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HalfIsFree() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t max_requests_, max_bytes_;
  const Wakers wakers_;
  std::atomic<bool> has_earlier_ = false;
  std::atomic<bool> has_next_ = false;
  std::atomic<uint64_t> lowest_unprepared_ = kNoCredit;

  Mutex mutex_;
  std::deque<std::unique_ptr<Exchange>> ready_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Exchange>> next_ ABSL_GUARDED_BY(mutex_);
  // Pushed and not yet released.
  size_t held_requests_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t held_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t last_session_ ABSL_GUARDED_BY(mutex_) = 0;  // pushed last
  bool reader_waits_ ABSL_GUARDED_BY(mutex_) = true;
  bool maker_waits_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace drumfire

// A bounded queue between threads: many push, one pops. Used where one thread owns a state machine
// and others have news for it. Whoever pushes chooses what a full one means: refusal, waiting, or,
// for news whose number something else bounds, room beyond the bound.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace drumfire {

template <typename T>
class Mailbox {
 public:
  explicit Mailbox(size_t max_items) : max_items_(max_items) {}

  // False, and the item is gone, when it is full: the caller must make that known. Any thread.
  [[nodiscard]] bool Push(T item) {
    {
      const std::lock_guard lock(mutex_);
      if (items_.size() >= max_items_) return false;
      items_.push_back(std::move(item));
    }
    arrived_.notify_one();
    return true;
  }

  // Waits while it is full. Any thread for which the owner never waits.
  void PushWhenRoom(T item) {
    {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [this] { return items_.size() < max_items_; });
      items_.push_back(std::move(item));
    }
    arrived_.notify_one();
  }

  // Never refuses and never waits: for the few items that must arrive, such as a stream's one end.
  // Any thread.
  void PushAlways(T item) {
    {
      const std::lock_guard lock(mutex_);
      items_.push_back(std::move(item));
    }
    arrived_.notify_one();
  }

  // The owner's thread: the oldest item; nothing when none came in time.
  std::optional<T> Pop(std::chrono::nanoseconds wait) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, wait, [this] { return !items_.empty(); })) return std::nullopt;
    T item = std::move(items_.front());
    items_.pop_front();
    lock.unlock();
    room_.notify_one();
    return item;
  }

  // The owner's thread: everything there is, without waiting.
  std::deque<T> TakeAll() {
    std::deque<T> all;
    {
      const std::lock_guard lock(mutex_);
      all.swap(items_);
    }
    if (!all.empty()) room_.notify_all();
    return all;
  }

 private:
  const size_t max_items_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::condition_variable room_;
  std::deque<T> items_;
};

}  // namespace drumfire

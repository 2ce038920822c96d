// A bounded queue between threads: many push, one pops. Used where one thread owns a state machine
// and others send it events. The sender chooses what happens when it is full: refusal, waiting, or,
// for events that are bounded otherwise, room beyond the bound.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "common/sync/mutex.h"

namespace drumfire {

template <typename T>
class Mailbox {
 public:
  explicit Mailbox(size_t max_items) : max_items_(max_items) {}

  // False, and the item is dropped, if it is full; the caller must report that. Any thread.
  [[nodiscard]] bool Push(T item) {
    {
      const MutexLock lock(&mutex_);
      if (items_.size() >= max_items_) return false;
      items_.push_back(std::move(item));
    }
    arrived_.NotifyOne();
    return true;
  }

  // Waits while it is full. Any thread that the owner never waits for.
  void PushWhenRoom(T item) {
    {
      const MutexLock lock(&mutex_);
      while (items_.size() >= max_items_) room_.Wait(&mutex_);
      items_.push_back(std::move(item));
    }
    arrived_.NotifyOne();
  }

  // Never refuses and never waits: for the few items that must arrive, such as the end of a stream.
  // Any thread.
  void PushAlways(T item) {
    {
      const MutexLock lock(&mutex_);
      items_.push_back(std::move(item));
    }
    arrived_.NotifyOne();
  }

  // Pop returns at once, one time, if it has no item. Any thread.
  void Wake() {
    {
      const MutexLock lock(&mutex_);
      is_woken_ = true;
    }
    arrived_.NotifyOne();
  }

  // The owner's thread: the oldest item; nothing if none arrived in time, or after a Wake.
  std::optional<T> Pop(std::chrono::nanoseconds wait) {
    std::optional<T> item = PopUntil(std::chrono::steady_clock::now() + wait);
    if (item.has_value()) room_.NotifyOne();
    return item;
  }

  // The owner's thread: all items, without waiting.
  std::deque<T> TakeAll() {
    std::deque<T> all;
    {
      const MutexLock lock(&mutex_);
      all.swap(items_);
    }
    if (!all.empty()) room_.NotifyAll();
    return all;
  }

 private:
  std::optional<T> PopUntil(std::chrono::steady_clock::time_point deadline) {
    const MutexLock lock(&mutex_);
    while (items_.empty()) {
      if (std::exchange(is_woken_, false)) return std::nullopt;
      if (!arrived_.WaitUntil(&mutex_, deadline) && items_.empty()) return std::nullopt;
    }
    T item = std::move(items_.front());
    items_.pop_front();
    return item;
  }

  const size_t max_items_;
  Mutex mutex_;
  CondVar arrived_;
  CondVar room_;
  std::deque<T> items_ ABSL_GUARDED_BY(mutex_);
  bool is_woken_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace drumfire

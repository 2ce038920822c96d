// Limits concurrent requests; the others wait in order of arrival.
#pragma once

#include <algorithm>
#include <deque>

namespace drumfire::mock {

class SlotWaiter {
 public:
  virtual ~SlotWaiter() = default;
  // The waiter has a slot now. Must not call back into the queue.
  virtual void OnSlot() = 0;
};

// One thread.
class SlotQueue {
 public:
  // `limit` 0: no limit.
  explicit SlotQueue(int limit) : limit_(limit) {}

  // True: the slot is taken at once. False: OnSlot() will be called, unless Cancel() is called
  // first.
  bool Enter(SlotWaiter* waiter) {
    if (limit_ == 0 || used_ < limit_) {
      ++used_;
      return true;
    }
    waiting_.push_back(waiter);
    return false;
  }
  // Returns a slot; the next waiter gets it.
  void Leave() {
    --used_;
    if (waiting_.empty()) return;
    SlotWaiter* const next = waiting_.front();
    waiting_.pop_front();
    ++used_;
    next->OnSlot();
  }
  // The waiter has left the queue.
  void Cancel(SlotWaiter* waiter) {
    waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), waiter), waiting_.end());
  }

  int used() const { return used_; }
  int waiting() const { return static_cast<int>(waiting_.size()); }

 private:
  const int limit_;
  int used_ = 0;
  std::deque<SlotWaiter*> waiting_;
};

}  // namespace drumfire::mock

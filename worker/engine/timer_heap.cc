#include "worker/engine/timer_heap.h"

namespace drumfire {

Timer::~Timer() {
  if (heap_ != nullptr) heap_->Disarm(this);
}

void TimerHeap::ArmNoLaterThan(Timer* timer, int64_t deadline_ns) {
  if (deadline_ns >= timer->deadline_ns_) return;
  timer->deadline_ns_ = deadline_ns;
  if (timer->heap_ == nullptr) {
    timer->heap_ = this;
    heap_.push_back(timer);
    timer->place_ = heap_.size() - 1;
  }
  MoveUp(timer->place_);
}

void TimerHeap::Disarm(Timer* timer) {
  if (timer->heap_ == nullptr) return;
  const size_t place = timer->place_;
  timer->heap_ = nullptr;
  timer->deadline_ns_ = kNever;
  Timer* last = heap_.back();
  heap_.pop_back();
  if (last == timer) return;
  Place(last, place);
  MoveUp(place);
  MoveDown(last->place_);
}

void TimerHeap::FireDue(int64_t now_ns) {
  while (next_deadline_ns() <= now_ns) {
    Timer* timer = heap_.front();
    Disarm(timer);
    timer->OnTimer(now_ns);
  }
}

int64_t TimerHeap::next_deadline_ns() const {
  return heap_.empty() ? kNever : heap_.front()->deadline_ns_;
}

void TimerHeap::Place(Timer* timer, size_t place) {
  heap_[place] = timer;
  timer->place_ = place;
}

void TimerHeap::MoveUp(size_t place) {
  Timer* timer = heap_[place];
  while (place > 0) {
    const size_t parent = (place - 1) / 2;
    if (heap_[parent]->deadline_ns_ <= timer->deadline_ns_) break;
    Place(heap_[parent], place);
    place = parent;
  }
  Place(timer, place);
}

void TimerHeap::MoveDown(size_t place) {
  Timer* timer = heap_[place];
  for (size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
    if (child + 1 < heap_.size() && heap_[child + 1]->deadline_ns_ < heap_[child]->deadline_ns_) {
      ++child;
    }
    if (timer->deadline_ns_ <= heap_[child]->deadline_ns_) break;
    Place(heap_[child], place);
    place = child;
  }
  Place(timer, place);
}

}  // namespace drumfire

#include "coordinator/results/in_flight.h"

#include <algorithm>

namespace drumfire {

void InFlight::Later::Add(int64_t time_ns, int64_t bound_ns) {
  if (time_ns <= bound_ns) return;
  times_ns_.push(time_ns);
  sum_ns_ += static_cast<double>(time_ns);
}

void InFlight::Later::RaiseTo(int64_t bound_ns) {
  while (!times_ns_.empty() && times_ns_.top() <= bound_ns) {
    sum_ns_ -= static_cast<double>(times_ns_.top());
    times_ns_.pop();
  }
}

double InFlight::Later::Beyond(int64_t bound_ns) const {
  return sum_ns_ - static_cast<double>(times_ns_.size()) * static_cast<double>(bound_ns);
}

void InFlight::Add(const v1::Record& record) {
  if (record.outcome() == v1::OUTCOME_DROPPED) return;
  last_end_ns_ = std::max(last_end_ns_, record.end_ns());
  if (record.sent_ns() < 0) return;
  const int64_t end_ns = std::max(record.end_ns(), record.sent_ns());
  last_end_ns_ = std::max(last_end_ns_, end_ns);
  request_ns_ += static_cast<double>(end_ns - record.sent_ns());
  slot_held_ns_ += static_cast<double>(record.slot_held_ns() + record.turn_delay_ns());
  if (record.turn() == 0 && record.sent_ns() > last_begin_ns_) {
    last_begin_ns_ = record.sent_ns();
    starts_.RaiseTo(last_begin_ns_);
    frees_.RaiseTo(last_begin_ns_);
  }
  starts_.Add(record.sent_ns() - record.turn_delay_ns(), last_begin_ns_);
  frees_.Add(end_ns + record.slot_held_ns(), last_begin_ns_);
}

double InFlight::MeanWhileSending() const {
  if (last_begin_ns_ <= 0) return 0;
  const double after_ns = frees_.Beyond(last_begin_ns_) - starts_.Beyond(last_begin_ns_);
  return (request_ns_ + slot_held_ns_ - after_ns) / static_cast<double>(last_begin_ns_);
}

double InFlight::MeanOver(int64_t window_ns) const {
  return window_ns > 0 ? request_ns_ / static_cast<double>(window_ns) : 0;
}

}  // namespace drumfire

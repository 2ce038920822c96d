#include "coordinator/results/in_flight.h"

#include <algorithm>

namespace drumfire {

void InFlight::Add(const v1::Record& record) {
  if (record.outcome() == v1::OUTCOME_DROPPED) return;
  last_end_ns_ = std::max(last_end_ns_, record.end_ns());
  if (record.sent_ns() < 0) return;
  const int64_t end_ns = std::max(record.end_ns(), record.sent_ns());
  request_ns_ += static_cast<double>(end_ns - record.sent_ns());
  last_sent_ns_ = std::max(last_sent_ns_, record.sent_ns());
  last_end_ns_ = std::max(last_end_ns_, end_ns);
  slot_held_ns_ += static_cast<double>(record.slot_held_ns() + record.turn_delay_ns());
  const int64_t free_ns = end_ns + record.slot_held_ns();
  if (free_ns > last_sent_ns_) {
    frees_.push(free_ns);
    frees_sum_ns_ += static_cast<double>(free_ns);
  }
  while (!frees_.empty() && frees_.top() <= last_sent_ns_) {
    frees_sum_ns_ -= static_cast<double>(frees_.top());
    frees_.pop();
  }
}

double InFlight::MeanWhileSending() const {
  if (last_sent_ns_ <= 0) return 0;
  const auto until_ns = static_cast<double>(last_sent_ns_);
  const double after_ns = frees_sum_ns_ - static_cast<double>(frees_.size()) * until_ns;
  return (request_ns_ + slot_held_ns_ - after_ns) / until_ns;
}

double InFlight::MeanOver(int64_t window_ns) const {
  return window_ns > 0 ? request_ns_ / static_cast<double>(window_ns) : 0;
}

}  // namespace drumfire

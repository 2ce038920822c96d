#include "coordinator/results/send_gaps.h"

#include <cmath>
#include <cstdlib>

namespace drumfire {

void RunningMoments::Add(double value) {
  ++count_;
  const double delta = value - mean_;
  mean_ += delta / static_cast<double>(count_);
  squares_ += delta * (value - mean_);
}

double RunningMoments::Variation() const {
  if (count_ < 2 || mean_ == 0) return 0;
  return std::sqrt(squares_ / static_cast<double>(count_)) / mean_;
}

void SendGaps::Add(const v1::Record& record) {
  const Times times = {record.outcome() == v1::OUTCOME_DROPPED ? -1 : record.sent_ns(),
                       record.intended_ns()};
  if (record.session() <= next_session_) {
    TakeNext(record.session(), times);
  } else {
    waiting_[record.session()] = times;
  }
  if (waiting_.size() > kMaxWaiting) {
    next_session_ = waiting_.begin()->first;
    last_ = {-1, -1};
  }
  while (!waiting_.empty() && waiting_.begin()->first <= next_session_) {
    TakeNext(waiting_.begin()->first, waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
  }
}

void SendGaps::Finish() {
  for (const auto& [session, times] : waiting_) TakeNext(session, times);
  waiting_.clear();
}

// A gap has two neighbours that were both sent. Neighbours on two workers may swap by microseconds:
// the distance counts.
void SendGaps::TakeNext(uint64_t session, const Times& times) {
  if (session != next_session_) last_ = {-1, -1};
  if (last_.sent_ns >= 0 && times.sent_ns >= 0) {
    sent_gaps_.Add(static_cast<double>(std::abs(times.sent_ns - last_.sent_ns)));
  }
  if (last_.intended_ns >= 0 && times.intended_ns >= 0) {
    intended_gaps_.Add(static_cast<double>(times.intended_ns - last_.intended_ns));
  }
  last_ = times;
  next_session_ = session + 1;
}

}  // namespace drumfire

#include "coordinator/fleet/clock_estimate.h"

#include <algorithm>
#include <cstddef>

namespace drumfire {
namespace {

constexpr double kMillion = 1e6;

}  // namespace

int64_t ClockEstimate::AgedBoundNs(const Reply& reply, int64_t now_ns) const {
  const int64_t age_ns = is_same_clock_ ? 0 : std::max<int64_t>(0, now_ns - reply.received_ns);
  return reply.reading.bound_ns + age_ns / kNsPerDriftedNs;
}

uint32_t ClockEstimate::OnProbe(int64_t sent_ns, int64_t sent_wall_ns) {
  is_waiting_ = true;
  sent_ns_ = sent_ns;
  sent_wall_ns_ = sent_wall_ns;
  return ++last_number_;
}

bool ClockEstimate::OnReply(const v1::ClockReply& reply, int64_t received_ns) {
  if (!is_waiting_ || reply.number() != last_number_) return false;
  is_waiting_ = false;
  const int64_t trip_ns = received_ns - sent_ns_;
  Reply news;
  news.reading = ReadClock(sent_ns_, received_ns, reply.monotonic_ns());
  news.wall_offset_ns =
      ReadClock(sent_wall_ns_, sent_wall_ns_ + trip_ns, reply.wall_ns()).offset_ns;
  news.received_ns = received_ns;
  if (probes_ == 0 || trip_ns < shortest_round_trip_ns_) shortest_round_trip_ns_ = trip_ns;
  const bool is_better = news.reading.bound_ns < first_.reading.bound_ns;
  if (probes_ == 0 || (probes_ < kFirstProbes && is_better)) first_ = news;
  ++probes_;
  newest_.push_back(news);
  if (newest_.size() > kWindow) newest_.pop_front();
  best_ = BestOf(newest_.size());
  const size_t later = probes_ > kFirstProbes ? probes_ - kFirstProbes : 0;
  last_ = later > 0 ? BestOf(std::min(later, newest_.size())) : first_;
  return true;
}

// All age alike, so that it is the best one until the next comes.
const ClockEstimate::Reply& ClockEstimate::BestOf(size_t count) const {
  const int64_t now_ns = newest_.back().received_ns;
  return *std::min_element(newest_.end() - static_cast<std::ptrdiff_t>(count), newest_.end(),
                           [&](const Reply& a, const Reply& b) {
                             return AgedBoundNs(a, now_ns) < AgedBoundNs(b, now_ns);
                           });
}

ClockReading ClockEstimate::At(int64_t now_ns) const {
  if (probes_ == 0) return {};  // one clock does not drift from itself
  return {best_.reading.offset_ns, AgedBoundNs(best_, now_ns)};
}

ClockReading ClockEstimate::WallAt(int64_t now_ns) const {
  return {best_.wall_offset_ns, At(now_ns).bound_ns};
}

ClockDrift ClockEstimate::Drift() const {
  if (is_same_clock_ || apart_ns() <= 0) return {};
  const auto apart = static_cast<double>(apart_ns());
  const ClockReading& first = first_.reading;
  const ClockReading& last = last_.reading;
  return {kMillion * static_cast<double>(last.offset_ns - first.offset_ns) / apart,
          kMillion * static_cast<double>(last.bound_ns + first.bound_ns) / apart};
}

}  // namespace drumfire

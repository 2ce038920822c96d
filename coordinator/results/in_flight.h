// How many requests were in flight, as a mean over time, from send and end times: over the time
// when there was work left to send (t = 0 to the last send), and over the whole window. Exact;
// records come in any order; memory is one entry for each request in flight at the last send. One
// thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "drumfire/v1/record.pb.h"

namespace drumfire {

class InFlight {
 public:
  // Any record; dropped ones were never in flight.
  void Add(const v1::Record& record);

  // Mean number in flight from t = 0 to the last send; 0 when nothing was sent after t = 0.
  double MeanWhileSending() const;
  // Mean over the given window, ns.
  double MeanOver(int64_t window_ns) const;
  int64_t last_sent_ns() const { return last_sent_ns_; }
  // End of the last request, failed and cancelled ones too, and those that could not be sent.
  int64_t last_end_ns() const { return last_end_ns_; }

 private:
  double request_ns_ = 0;  // sum of end - sent
  int64_t last_sent_ns_ = 0;
  int64_t last_end_ns_ = 0;
  // Ends after last_sent_ns_, soonest first.
  std::priority_queue<int64_t, std::vector<int64_t>, std::greater<>> ends_;
  double ends_sum_ns_ = 0;
};

}  // namespace drumfire

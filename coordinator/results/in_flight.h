// Mean number of requests in flight. While work was left to send (t = 0 to the last send), a
// request is in flight while its session holds its slot for it: from the turn before, for the delay
// between the two, until the end of its body, which may follow the end of its response. Over the
// whole window it is in flight until its response ended. Exact, with records in any order; memory
// is one entry per request in flight at the last send. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "drumfire/v1/record.pb.h"

namespace drumfire {

class InFlight {
 public:
  // Accepts any record; dropped ones were never in flight.
  void Add(const v1::Record& record);

  // Mean number of slots held from t = 0 to the last send; 0 if nothing was sent after t = 0.
  double MeanWhileSending() const;
  // Mean number of unfinished responses over the given window, ns.
  double MeanOver(int64_t window_ns) const;
  int64_t last_sent_ns() const { return last_sent_ns_; }
  // End of the last request, including failed and cancelled ones and those that could not be sent.
  int64_t last_end_ns() const { return last_end_ns_; }

 private:
  double request_ns_ = 0;    // sum of end - sent
  double slot_held_ns_ = 0;  // sum of the time slots were held beyond that
  int64_t last_sent_ns_ = 0;
  int64_t last_end_ns_ = 0;
  // Times after last_sent_ns_ at which slots became free, soonest first.
  std::priority_queue<int64_t, std::vector<int64_t>, std::greater<>> frees_;
  double frees_sum_ns_ = 0;
};

}  // namespace drumfire

// How many requests were in flight, as a mean over time. While there was work left to send (t = 0
// to the last send), a request is in flight as long as it holds its slot: until the end of its
// body, which may come after its answer. Over the whole window it is in flight until its answer
// ended. Exact; records come in any order; memory is one entry for each request in flight at the
// last send. One thread at a time.
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

  // Mean number of slots held from t = 0 to the last send; 0 when nothing was sent after t = 0.
  double MeanWhileSending() const;
  // Mean number of unfinished answers over the given window, ns.
  double MeanOver(int64_t window_ns) const;
  int64_t last_sent_ns() const { return last_sent_ns_; }
  // End of the last request, failed and cancelled ones too, and those that could not be sent.
  int64_t last_end_ns() const { return last_end_ns_; }

 private:
  double request_ns_ = 0;    // sum of end - sent
  double slot_held_ns_ = 0;  // sum of what slots were held beyond that
  int64_t last_sent_ns_ = 0;
  int64_t last_end_ns_ = 0;
  // Times after last_sent_ns_ at which slots were free, soonest first.
  std::priority_queue<int64_t, std::vector<int64_t>, std::greater<>> frees_;
  double frees_sum_ns_ = 0;
};

}  // namespace drumfire

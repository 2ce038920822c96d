// Mean number of requests in flight. While work was left to begin (t = 0 to the send of the last
// first turn), a request is in flight while its session holds its slot for it: from the turn
// before, for the delay between the two, until the end of its body, which may follow the end of its
// response. Over the whole window it is in flight until its response ended. Exact, with records in
// any order; memory is two entries per request that ends after the last begin. One thread at a
// time.
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

  // Mean number of slots held from t = 0 to the last begin; 0 if none came after t = 0.
  double MeanWhileSending() const;
  // Mean number of unfinished responses over the given window, ns.
  double MeanOver(int64_t window_ns) const;
  // The send of the last first turn.
  int64_t last_begin_ns() const { return last_begin_ns_; }
  // End of the last request, including failed and cancelled ones and those that could not be sent.
  int64_t last_end_ns() const { return last_end_ns_; }

 private:
  // Times beyond a bound that only rises.
  class Later {
   public:
    void Add(int64_t time_ns, int64_t bound_ns);
    void RaiseTo(int64_t bound_ns);
    // Sum of time - bound.
    double Beyond(int64_t bound_ns) const;

   private:
    std::priority_queue<int64_t, std::vector<int64_t>, std::greater<>> times_ns_;  // soonest first
    double sum_ns_ = 0;
  };

  double request_ns_ = 0;    // sum of end - sent
  double slot_held_ns_ = 0;  // sum of the time slots were held besides
  int64_t last_begin_ns_ = 0;
  int64_t last_end_ns_ = 0;
  Later starts_, frees_;  // of slots held for a request
};

}  // namespace drumfire

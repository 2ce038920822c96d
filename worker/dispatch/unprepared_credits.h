// Sessions granted whose first turns are not prepared yet, as ranges; the lowest comes first,
// whenever its range was granted. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "drumfire/v1/control.pb.h"
#include "worker/dispatch/ready_queue.h"

namespace drumfire {

class UnpreparedCredits {
 public:
  // Ranges share no credit.
  void Add(const v1::Grant& grant);
  bool empty() const { return grants_.empty(); }
  size_t ranges() const { return grants_.size(); }
  // kNoCredit when there is none.
  uint64_t lowest() const { return grants_.empty() ? kNoCredit : grants_.begin()->first; }
  // Not when empty.
  uint64_t TakeLowest();

 private:
  std::map<uint64_t, v1::Grant> grants_;  // what is left of each, by its first session
};

}  // namespace drumfire

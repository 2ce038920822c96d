// Sessions granted whose first turns are not prepared yet, as ranges; the lowest comes first,
// whenever its range was granted. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "absl/status/status.h"
#include "drumfire/v1/control.pb.h"
#include "worker/dispatch/ready_queue.h"

namespace drumfire {

class UnpreparedCredits {
 public:
  // A range, maybe empty, whose last session fits into 64 bits. An error, and nothing is
  // added, when it shares a credit with one that is here: taking both would make the session twice,
  // or not at all.
  absl::Status Add(const v1::Grant& grant);
  bool empty() const { return grants_.empty(); }
  size_t ranges() const { return grants_.size(); }
  // kNoCredit when there is none.
  uint64_t lowest() const { return grants_.empty() ? kNoCredit : grants_.begin()->first; }
  // Not when empty.
  uint64_t TakeLowest();

 private:
  bool Holds(const v1::Grant& grant) const;

  std::map<uint64_t, v1::Grant> grants_;  // what is left of each, by its first session
  uint64_t highest_ = 0;                  // session of any of them so far
};

}  // namespace drumfire

// The schedule: what request k of a phase is and when it is due, a pure function of (plan, data
// set, k). Coordinator and workers hold the same code, so a grant is a range of indices and no
// request is ever described on the wire.
#pragma once

#include <cstdint>
#include <memory>

#include "common/dataset/dataset.h"
#include "common/random/random.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct ScheduledRequest {
  uint64_t k = 0;
  int64_t intended_ns = -1;  // from the start of the phase; -1 = its slot decides (closed loop)
  uint32_t url = 0;          // index into Plan.urls
  uint32_t model = 0;        // index into Plan.models
  uint64_t entry = 0;        // data set id
  uint32_t isl = 0;
  uint32_t requested_osl = 0;
};

// True when arrivals, not slots, decide when requests of the phase are sent. (A concurrency burst
// is a closed loop: all requests are due at once and the slots decide.)
bool IsOpenLoop(const v1::Phase& phase);

// Due times of an open-loop phase. Advances only forward: each arrival process adds its gaps up
// from t = 0, so a time costs one draw.
class ArrivalTimes {
 public:
  ArrivalTimes(const v1::Phase& phase, uint64_t seed, uint32_t phase_index, const Dataset* dataset);
  // Due time of request k, ns from the start of the phase. k must not be smaller than in the call
  // before.
  int64_t At(uint64_t k);

 private:
  double GapSeconds(uint64_t k) const;

  const v1::Phase& phase_;
  const uint64_t seed_;
  const uint32_t phase_index_;
  const Dataset* const dataset_;
  uint64_t next_ = 0;     // the request that elapsed_s_ belongs to
  double elapsed_s_ = 0;  // sum of the gaps before request next_, Kahan-compensated
  double compensation_s_ = 0;
};

// Requests of one phase in rising k. One thread. plan and data set are not owned and must outlive
// it.
class ScheduleCursor {
 public:
  ScheduleCursor(const v1::Plan& plan, uint32_t phase_index, const Dataset* dataset);
  // Request k; k must not be smaller than in the call before.
  ScheduledRequest At(uint64_t k);

 private:
  uint64_t EntryOf(uint64_t k) const;
  uint32_t ModelOf(uint64_t k, const EntryInfo& info) const;

  const v1::Plan& plan_;
  const v1::Phase& phase_;
  const uint32_t phase_index_;
  const Dataset* const dataset_;
  ArrivalTimes arrivals_;
};

// False when no entry of a data set of that size comes twice in the phase.
bool MayRepeatEntries(const v1::Phase& phase, uint64_t entries);

// How many requests an open-loop phase holds: its count, or those due before its duration ends,
// whichever is less.
uint64_t OpenLoopRequestCount(const v1::Plan& plan, uint32_t phase_index, const Dataset* dataset);

// Slots of worker w when `total` are shared over `workers`: the first total mod workers get one
// more.
uint32_t SlotShare(uint32_t total, uint32_t worker, uint32_t workers);

}  // namespace drumfire

// The schedule: what request k of a phase is and when it is due, a pure function of (plan, data
// set, k). Coordinator and workers hold the same code, so a grant is a range of indices and no
// request is ever described on the wire.
#pragma once

#include <cstdint>

#include "common/dataset/dataset.h"
#include "common/schedule/arrival_times.h"
#include "common/schedule/phase_draws.h"
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
  const PhaseDraws draws_;
  const bool is_open_loop_;
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

// The schedule: what session s of a phase is and when it begins, a pure function of (plan, data
// set, s). A session is a conversation of one or more turns; each turn is one request. Coordinator
// and workers hold the same code, so a grant is a range of sessions and no request is ever
// described on the wire.
//
//   ScheduleCursor cursor(plan, phase, dataset);
//   const ScheduledSession session = cursor.At(17);
//   for (uint32_t turn = 0; turn < session.turns; ++turn) cursor.TurnOf(session.entry, turn);
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/dataset/dataset.h"
#include "common/schedule/arrival_times.h"
#include "common/schedule/phase_draws.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct ScheduledSession {
  uint64_t session = 0;
  int64_t intended_ns = -1;  // start, from that of the phase; -1 = its slot decides (closed loop)
  uint32_t url = 0;          // index into Plan.urls
  uint32_t model = 0;        // index into Plan.models
  uint64_t entry = 0;        // data set id
  uint32_t turns = 1;        // 0 = request_count is reached before it
};

struct ScheduledTurn {
  uint32_t isl = 0;  // input tokens of this and all earlier turns, without their replies
  uint32_t requested_osl = 0;
  int64_t delay_ns = 0;  // from the end of the turn before
};

// Sessions of one phase in rising order. One thread. plan and data set are not owned and must
// outlive it.
class ScheduleCursor {
 public:
  // Sessions that one Approach passes at most: well below a millisecond.
  static constexpr uint64_t kShortWay = 4096;

  ScheduleCursor(const v1::Plan& plan, uint32_t phase_index, const Dataset* dataset);
  // Session s; s must not be smaller than in the call before. Takes as long as the sessions between
  // the two calls are many: whoever must not be held up approaches first.
  ScheduledSession At(uint64_t s);
  // Goes a bounded way towards session s. True when At(s) takes no longer than that; as for At, s
  // does not fall.
  bool Approach(uint64_t s);
  // A turn of the entry's conversation.
  ScheduledTurn TurnOf(uint64_t entry, uint32_t turn) const;

 private:
  uint64_t EntryOf(uint64_t s) const;
  uint32_t ModelOf(uint64_t s, const EntryInfo& info) const;
  uint32_t TurnsOf(uint64_t s, const EntryInfo& info);
  void CountTurnsBefore(uint64_t s);

  const v1::Plan& plan_;
  const v1::Phase& phase_;
  const uint32_t phase_index_;
  const Dataset* const dataset_;
  const PhaseDraws draws_;
  const bool is_open_loop_;
  const bool is_cut_;  // request_count may end a conversation early
  ArrivalTimes arrivals_;
  uint64_t position_ = 0;      // the session that At or Approach reached last
  uint64_t next_session_ = 0;  // with is_cut_: requests_before_ counts the sessions below it
  uint64_t requests_before_ = 0;
};

// A phase that ends by its duration alone has no total.
constexpr uint64_t kUnboundedCredits = std::numeric_limits<uint64_t>::max();

struct PhaseTotals {
  uint64_t sessions = kUnboundedCredits;
  uint64_t requests = kUnboundedCredits;
};

inline bool NeverStopped() { return false; }

// How much a phase holds at most: its counts, or the sessions that begin before the duration of an
// open loop ends, whichever is less. The arrivals are counted one by one, so a day at a high rate
// takes its time: is_stopped is asked now and then, and once it says true the totals mean nothing.
PhaseTotals TotalsOf(const v1::Plan& plan, uint32_t phase_index, const Dataset* dataset,
                     absl::FunctionRef<bool()> is_stopped = NeverStopped);
// Of all phases, in their order.
std::vector<PhaseTotals> TotalsOfPhases(const v1::Plan& plan, const Dataset* dataset,
                                        absl::FunctionRef<bool()> is_stopped = NeverStopped);

// False when no entry of a data set of that size comes twice in the phase.
bool MayRepeatEntries(const v1::Phase& phase, uint64_t entries);

// Slots of worker w when `total` are shared over `workers`: the first total mod workers get one
// more.
uint32_t SlotShare(uint32_t total, uint32_t worker, uint32_t workers);

}  // namespace drumfire

// What became of one phase, as it goes and at its end. PhaseRunner writes it; all others read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/schedule/schedule.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

// What one worker said of the phase.
struct WorkerPhase {
  bool participates = false;
  bool came_late = false;    // while the phase ran
  uint32_t participant = 0;  // its index among those that take part
  uint64_t granted = 0;      // sessions
  uint64_t settled = 0;      // of these, known to be begun or dropped; set once it can send no more
  std::optional<v1::Prepared> prepared;
  std::optional<v1::Progress> progress;  // the last one
  std::optional<v1::PhaseDone> done;
  int64_t start_late_ns = 0;
  bool lost = false;
  bool share_reclaimed = false;    // lost, and what it had not begun went to the others
  uint64_t credits_reclaimed = 0;  // of those it had held

  bool over() const { return !participates || lost || done.has_value(); }
};

struct PhaseOutcome {
  uint32_t phase = 0;
  // What the phase holds; kUnboundedCredits when only its duration ends it.
  PhaseTotals totals = {0, 0};
  int64_t start_ns = 0;  // our monotonic clock; 0 = it has not started
  int64_t start_wall_ns = 0;
  int64_t end_ns = 0;
  bool interrupted = false;
  std::string early_end;  // why the phase ended early, in words; empty = it did not
  // By worker. Fleets grow: there may be members without an entry.
  std::vector<WorkerPhase> workers;
};

}  // namespace drumfire

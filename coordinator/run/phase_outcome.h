// What became of one phase, as it goes and at its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

// What one worker said of the phase.
struct WorkerPhase {
  bool participates = false;
  bool came_late = false;     // while the phase ran
  uint32_t participant = 0;   // its number among those that take part
  uint32_t slots = 0;         // as it was told last
  uint32_t slot_changes = 0;  // how often they were changed
  uint64_t granted = 0;
  uint64_t settled = 0;  // of these, known to be sent or dropped; set once it can send no more
  std::optional<v1::Prepared> prepared;
  std::optional<v1::Progress> progress;  // the last one
  std::optional<v1::PhaseDone> done;
  int64_t start_late_ns = 0;
  bool lost = false;
  bool share_reclaimed = false;    // lost, and what it had not sent went to the others
  uint64_t credits_reclaimed = 0;  // of those it had held

  bool over() const { return !participates || lost || done.has_value(); }
};

struct PhaseOutcome {
  uint32_t phase = 0;
  // Credits of the phase, kUnboundedCredits when only its duration ends it.
  uint64_t total = 0;
  int64_t start_ns = 0;  // our monotonic clock
  int64_t start_wall_ns = 0;
  int64_t end_ns = 0;
  bool interrupted = false;
  std::string early_end;  // why the phase ended early, in words; empty = it did not
  // By worker. Fleets grow: there may be members without an entry.
  std::vector<WorkerPhase> workers;
};

// Told on the run's thread while a phase runs.
class PhaseObserver {
 public:
  virtual ~PhaseObserver() = default;
  virtual void OnPhaseStart(const PhaseOutcome& so_far) = 0;
  // The worker takes part from now on.
  virtual void OnJoin(const PhaseOutcome& so_far, uint32_t worker) = 0;
  virtual void OnHistograms(uint32_t worker, const v1::IntervalHistograms& histograms) = 0;
  // A worker that came back is to be used: true once its records can be fetched, an error when they
  // cannot. Never waits.
  virtual absl::StatusOr<bool> LinkRecords(uint32_t worker) = 0;
  // A lost worker cannot send any more: no record of it counts from now on. Returns 1 + the highest
  // k of the phase that a record of it was for, 0 without any.
  virtual uint64_t CloseRecords(uint32_t worker, uint32_t phase) = 0;
  // Why the phase is to end now, in words; empty = it goes on. Asked now and then.
  virtual std::string WhyToEnd() { return ""; }
  // Now and then.
  virtual void OnProgress(const PhaseOutcome& so_far, int64_t now_ns) = 0;
};

}  // namespace drumfire

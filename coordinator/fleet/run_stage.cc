#include "coordinator/fleet/run_stage.h"

#include <algorithm>

namespace drumfire {

// The fleet hears an event between any two steps: a stage that is always due starves no heartbeat.
void Drive(RunStage* stage, Fleet* fleet, const Clock& clock) {
  int64_t next_ns = clock.MonotonicNs();
  while (!stage->is_over()) {
    const int64_t now_ns = clock.MonotonicNs();
    if (fleet->TakeWake() || now_ns >= next_ns) {
      next_ns = stage->Step(now_ns);
      if (stage->is_over()) return;
    }
    const int64_t wait_ns = std::max<int64_t>(next_ns - clock.MonotonicNs(), 0);
    const auto event = fleet->Next(absl::Nanoseconds(wait_ns));
    if (event.has_value() && stage->Handle(*event)) next_ns = now_ns;
  }
}

}  // namespace drumfire

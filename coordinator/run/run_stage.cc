#include "coordinator/run/run_stage.h"

namespace drumfire {

void Drive(RunStage* stage, Fleet* fleet, const Clock& clock) {
  int64_t next_ns = clock.MonotonicNs();
  while (!stage->is_over()) {
    const int64_t now_ns = clock.MonotonicNs();
    if (fleet->TakeWake() || now_ns >= next_ns) {
      next_ns = stage->Step(now_ns);
      continue;
    }
    const auto event = fleet->Next(absl::Nanoseconds(next_ns - now_ns));
    if (event.has_value() && stage->Handle(*event)) next_ns = now_ns;
  }
}

}  // namespace drumfire

// Whether a worker's message about the phase can be true: it names this phase, comes when it may,
// and claims no more than the worker was granted. A worker that says anything else is lost.
#pragma once

#include <cstdint>
#include <string>

#include "coordinator/run/phase_outcome.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

// How far the phase has come, for one worker.
struct PhaseSoFar {
  uint32_t phase = 0;
  bool started = false;   // its Start was sent
  bool stopping = false;  // a Drain or Cancel was sent
  int64_t since_start_ns = 0;
  uint64_t granted = 0;  // sessions, to this worker
};

// What cannot be true, in words that follow "it "; empty = all can. Messages that are not about a
// phase are always fine.
std::string ClaimFault(const v1::WorkerMessage& message, const WorkerPhase& worker,
                       const PhaseSoFar& so_far);

}  // namespace drumfire

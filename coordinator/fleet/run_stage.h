// A part of a run as an object without a thread: it is given the fleet's events and the time, does
// one step and says when it wants to be called next. Drive is the one loop that runs it, in
// production as in the simulated fleet; a test calls Handle and Step itself.
#pragma once

#include <cstdint>

#include "common/clock/clock.h"
#include "coordinator/fleet/fleet.h"

namespace drumfire {

class RunStage {
 public:
  virtual ~RunStage() = default;
  virtual bool is_over() const = 0;
  // True when the event may have ended what the stage waits for: Step comes at once then.
  virtual bool Handle(const FleetEvent& event) = 0;
  // Does what is due without waiting. Returns when to be called next, at the latest; Fleet::Wake
  // makes it earlier.
  virtual int64_t Step(int64_t now_ns) = 0;
};

// Runs the stage until it is over. Nothing is owned.
void Drive(RunStage* stage, Fleet* fleet, const Clock& clock);

}  // namespace drumfire

// The loops of all fake workers of a process, on its one shared thread.
#pragma once

#include <functional>
#include <memory>

#include "common/clock/clock.h"
#include "common/loop/loop.h"
#include "tools/fleet_sim/shared_thread.h"

namespace drumfire::fleet_sim {

// The shared thread.
class SharedLoops : public LoopRunners {
 public:
  // Neither is owned.
  SharedLoops(SharedThread* thread, const Clock& clock) : thread_(thread), clock_(clock) {}
  std::unique_ptr<LoopRunner> Run(Loop* loop, LoopWaiter* waiter) override;

 private:
  SharedThread* const thread_;
  const Clock& clock_;
};

}  // namespace drumfire::fleet_sim

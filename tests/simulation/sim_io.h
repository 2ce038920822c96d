// A worker's I/O thread and preparer without threads: the real dispatcher, ready queue and lease
// over a simulated engine. What IoThread and Preparer do in their loops is done here turn by turn.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "common/schedule/schedule.h"
#include "tests/simulation/sim_engine.h"
#include "tests/simulation/turns.h"
#include "worker/dispatch/dispatcher.h"
#include "worker/dispatch/unmade_credits.h"

namespace drumfire::simulation {

struct SimIoCallbacks {
  std::function<void(std::unique_ptr<Exchange>)> on_record;
  std::function<void(uint64_t unsent, uint32_t free_slots)> on_hungry;
  std::function<void(const v1::CreditTotals&)> on_done;
  std::function<void()> on_lapse;
};

class SimIo : private EngineOwner {
 public:
  // Nothing is owned.
  SimIo(const Scenario& scenario, uint32_t worker, World* world, const HostClock* clock,
        const Lease* lease, const Dataset* dataset, Checker* checker,
        std::function<bool()> is_stopped, SimIoCallbacks callbacks);

  // Runs the task in the next turn.
  void Post(std::function<void()> task);
  void Resume() { turns_.Resume(); }

  // --- the session's thread ---
  void BeginPhase(uint32_t phase, const PhaseSettings& settings);
  // The preparer's part of a grant, then the dispatcher's.
  void Add(const v1::Grant& grant, uint64_t granted);
  void EndPhase();
  // Cancels what is in flight.
  void Stop();

  // --- in tasks ---
  Dispatcher* dispatcher() { return dispatcher_.get(); }
  SimEngine& engine() { return engine_; }

 private:
  void Turn();
  void Prepare();
  void NoteUnmade() { queue_->NoteUnmade(unmade_.lowest()); }
  std::unique_ptr<Exchange> Make(uint64_t k);
  void Granted(uint64_t granted, bool last);
  void TellOwner();
  bool Hungry() const;
  void OnFinished(std::unique_ptr<Exchange> exchange) override;

  const Scenario& scenario_;
  const uint32_t worker_;
  World* const world_;
  const HostClock* const clock_;
  const Lease* const lease_;
  const Dataset* const dataset_;
  Checker* const checker_;
  const SimIoCallbacks callbacks_;
  const uint64_t made_ahead_;  // requests
  Turns turns_;
  std::vector<std::function<void()>> tasks_;

  uint32_t phase_ = 0;
  std::unique_ptr<ReadyQueue> queue_;
  UnmadeCredits unmade_;
  std::optional<ScheduleCursor> cursor_;
  uint64_t cursor_k_ = 0;
  uint64_t made_ = 0;
  SimEngine engine_;
  UsageRefusal usage_refusal_;
  std::unique_ptr<Dispatcher> dispatcher_;
  uint64_t low_water_ = 0;
  bool told_hungry_ = true;
  bool told_done_ = false;
  bool told_lapse_ = false;
};

}  // namespace drumfire::simulation

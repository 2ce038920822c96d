// Sends and reads: owns the engine and the phase's dispatcher. A loop without a thread
// (common/loop) whose wait is the engine's poll: send what is due, then wait for I/O until the next
// due time.
//
//   auto io = IoLoop::Create(make_engine, clock, &lease, std::move(callbacks));
//   auto runner = runners.Run(io->get(), io->get());
//   runner->Post([&] { io->BeginPhase(settings, &queue); });
//   runner->Post([&] { io->dispatcher()->Start(start_ns); });
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/loop/loop.h"
#include "worker/dispatch/dispatcher.h"
#include "worker/engine/engine.h"
#include "worker/health/hiccup_meter.h"

namespace drumfire {

// Called from inside the loop's steps and waits; must not block.
struct IoCallbacks {
  DispatcherCallbacks requests;
  // A closed loop's credits are below their low watermark: `unsent` are left for `free_slots` free
  // slots. Called once per grant.
  std::function<void(uint64_t unsent, uint32_t free_slots)> on_low_credits;
  // Nothing is in flight and nothing will be sent any more in this phase; its dispatcher is gone.
  std::function<void(const v1::CreditTotals&, const SlotWaits&)> on_done;
  // The lease expired before the phase ended: all is cancelled, and on_done will not come.
  std::function<void()> on_lease_expired;
  // The last wait ended at ready_ns, and the step after it at done_ns (monotonic).
  std::function<void(int64_t ready_ns, int64_t done_ns)> on_step;
  // A regular timer, which runs while requests are in flight, fired late by this much.
  std::function<void(int64_t late_ns)> on_tick;
};

using EngineFactory = std::function<absl::StatusOr<std::unique_ptr<Engine>>(EngineOwner*)>;

// All calls on the loop's thread, but for those marked "any thread".
class IoLoop : public Loop, public LoopWaiter, private EngineOwner {
 public:
  // clock and lease are not owned and must outlive the loop. All callbacks must be set.
  static absl::StatusOr<std::unique_ptr<IoLoop>> Create(const EngineFactory& make_engine,
                                                        const Clock& clock, const Lease* lease,
                                                        IoCallbacks callbacks);

  // Sends what is due.
  int64_t Step(int64_t now_ns) override;
  // Waits for I/O and handles all that is ready.
  void WaitUntil(int64_t until_ns) override;
  // Any thread.
  void Wake() override { engine_->Wake(); }
  // For whoever makes requests. Any thread.
  UsageRefusal* usage_refusal() { return &usage_refusal_; }

  Engine& engine() { return *engine_; }
  // Null between phases.
  Dispatcher* dispatcher() { return dispatcher_.get(); }
  // Not while a phase runs. queue must outlive the phase.
  void BeginPhase(const PhaseSettings& settings, ReadyQueue* queue);
  // The phase holds so many credits by now; final: no more will come. They are below their low
  // watermark when half of the unsent ones are gone.
  void Granted(uint64_t granted, bool final);
  // Ends every request in flight now (each still reaches on_record), and the phase without on_done.
  void CancelPhase();

 private:
  IoLoop(const Clock& clock, const Lease* lease, IoCallbacks callbacks)
      : clock_(clock), lease_(lease), callbacks_(std::move(callbacks)) {}
  void NotifyOwner();
  void EndPhase();
  bool IsBelowLowWatermark() const;
  void OnFinished(std::unique_ptr<Exchange> exchange) override;

  const Clock& clock_;
  const Lease* const lease_;
  const IoCallbacks callbacks_;

  std::unique_ptr<Engine> engine_;
  UsageRefusal usage_refusal_;  // a refusal seen in one phase holds for the next
  std::unique_ptr<Dispatcher> dispatcher_;
  HiccupTimer ticks_;
  uint64_t low_watermark_ = 0;
  bool demand_is_due_ = false;  // a grant came since on_low_credits
  bool expiry_is_reported_ = false;
};

}  // namespace drumfire

// The thread that sends and reads: it owns the engine and the phase's dispatcher, and its loop is
// "send what is due, wait for I/O until the next due time". Others talk to it by tasks that run on
// it between two turns.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/mailbox/mailbox.h"
#include "worker/dispatch/dispatcher.h"
#include "worker/engine/engine.h"
#include "worker/health/hiccup_meter.h"

namespace drumfire {

// Called on the I/O thread; must not block.
struct IoCallbacks {
  // A request is over, sent or dropped.
  std::function<void(std::unique_ptr<Exchange>)> on_record;
  // A closed loop's credits run low: `unsent` are left for `free_slots` free slots. Called once per
  // grant.
  std::function<void(uint64_t unsent, uint32_t free_slots)> on_hungry;
  // Nothing is in flight and nothing will be sent any more in this phase.
  std::function<void(const v1::CreditTotals&, const SlotWaits&)> on_done;
  // The lease ended before the phase did: all is cancelled, and on_done will not come.
  std::function<void()> on_lapse;
  // The loop could go on at ready_ns (the last wait's end) and was done with it at done_ns
  // (monotonic).
  std::function<void(int64_t ready_ns, int64_t done_ns)> on_turn;
  // A regular timer, which runs while requests are in flight, was so late. May be empty.
  std::function<void(int64_t late_ns)> on_tick;
};

class IoThread : private EngineOwner {
 public:
  // plan, clock and lease are not owned and must outlive the thread.
  static absl::StatusOr<std::unique_ptr<IoThread>> Create(const v1::Plan& plan, const Clock& clock,
                                                          const Lease* lease,
                                                          IoCallbacks callbacks);
  // Cancels what is in flight (each request still reaches on_record) and joins. Only the first call
  // counts; callbacks may still come until it returns, so whoever they use must stay until then.
  void Stop();
  ~IoThread() override;

  // Runs the task on the I/O thread soon; waits while kMaxTasks are to be run. Any other thread.
  void Post(std::function<void()> task);
  // Makes a waiting loop look at its queues again. Any thread.
  void Wake() { engine_->Wake(); }
  // For whoever makes requests. Any thread.
  UsageRefusal* usage_refusal() { return &usage_refusal_; }

  // --- in tasks only ---
  Engine& engine() { return *engine_; }
  // Null between phases.
  Dispatcher* dispatcher() { return dispatcher_.get(); }
  // Takes the place of the phase before, which must be done.
  void BeginPhase(const PhaseSettings& settings, ReadyQueue* queue);
  void EndPhase() { dispatcher_.reset(); }
  // The phase holds so many credits by now. It is hungry when half of the unsent ones are gone.
  void Granted(uint64_t granted, bool last);

 private:
  IoThread(const Clock& clock, const Lease* lease, IoCallbacks callbacks)
      : clock_(clock), lease_(lease), callbacks_(std::move(callbacks)) {}
  void Run();
  void RunTasks();
  void Turn();
  void WaitUntil(int64_t next_ns);
  void TellOwner();
  bool Hungry() const;
  void OnFinished(std::unique_ptr<Exchange> exchange) override;

  const Clock& clock_;
  const Lease* const lease_;
  const IoCallbacks callbacks_;
  static constexpr size_t kMaxTasks = 4096;
  Mailbox<std::function<void()>> tasks_{kMaxTasks};
  std::atomic<bool> stopping_ = false;

  // The I/O thread's own.
  std::unique_ptr<Engine> engine_;
  UsageRefusal usage_refusal_;  // what one phase learnt holds for the next
  std::unique_ptr<Dispatcher> dispatcher_;
  HiccupTimer ticks_;
  uint64_t low_water_ = 0;
  bool told_hungry_ = true;
  bool told_done_ = false;
  bool told_lapse_ = false;

  std::thread thread_;
};

}  // namespace drumfire

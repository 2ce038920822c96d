// Credit -> due time -> send: the I/O thread's state machine for one phase. A credit is a session
// of one or more turns. Open loops begin a session when it is due and a slot is free; closed loops
// when a slot is free; neither without a lease. A session keeps its slot to its end: turn t + 1 is
// sent when turn t is answered and its delay is over. It starts no thread; time comes with each
// call.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>

#include "drumfire/v1/control.pb.h"
#include "worker/dispatch/lease.h"
#include "worker/dispatch/open_ahead.h"
#include "worker/dispatch/open_sessions.h"
#include "worker/dispatch/ready_queue.h"
#include "worker/dispatch/usage_refusal.h"
#include "worker/engine/engine.h"
#include "worker/engine/timer_heap.h"

namespace drumfire {

struct PhaseSettings {
  bool open_loop = false;
  uint32_t slots = 0;          // sessions in flight at most; 0 = no cap
  int64_t duration_ns = 0;     // sending stops so long after the start; 0 = no such stop
  int64_t grace_ns = -1;       // then what is in flight may take so long; -1 = without end
  int64_t drop_after_ns = -1;  // sessions later than this are dropped; -1 = begun however late
  uint32_t open_ahead_urls =
      0;  // open loop: connections to so many urls are opened ahead; 0 = none
};

// How long credits that were due waited because every slot held a session.
struct SlotWaits {
  uint64_t count = 0;
  int64_t total_ns = 0;
};

struct DispatcherCallbacks {
  // A turn was answered and its session goes on: the body and head of this next turn are to be
  // made, from its replies, and it is to be pushed to the queue. ready_ns: when the answer ended.
  std::function<void(std::unique_ptr<Exchange> next)> on_next_turn;
  // A request is over, sent or dropped.
  std::function<void(std::unique_ptr<Exchange>)> on_record;
};

class Dispatcher {
 public:
  // Nothing is owned but the callbacks.
  Dispatcher(PhaseSettings settings, Engine* engine, ReadyQueue* queue, const Lease* lease,
             UsageRefusal* usage_refusal, DispatcherCallbacks callbacks);

  // t = 0 on the monotonic clock.
  void Start(int64_t start_ns);
  // The same for a worker that joins a phase that runs. A closed loop's slots are free since
  // now_ns.
  void Join(int64_t start_ns, int64_t now_ns);
  // A slot that is new is free since now_ns.
  void SetSlots(uint32_t slots, int64_t now_ns);
  // How often that was called.
  uint32_t slot_changes() const { return slot_changes_; }
  // The phase holds so many sessions by now; last: no more will come.
  void OnGranted(uint64_t granted, bool last);

  // Sends all that is due at now_ns. Returns when to call again at the latest (monotonic ns; kNever
  // = only after an event). Without a lease all ends as by Cancel.
  int64_t Step(int64_t now_ns);
  // Sends nothing more; what is in flight is cancelled grace_ns later (-1 = never).
  void Drain(int64_t now_ns, int64_t grace_ns);
  // Sends nothing more and ends what is in flight now.
  void Cancel();

  // A request of this phase came back. A slot that it frees is used again at once, from inside the
  // call.
  void OnFinished(std::unique_ptr<Exchange> exchange);

  // Nothing in flight and nothing to send any more.
  bool done() const;
  // Sessions granted and not yet begun, and slots without a session (0 without a cap).
  uint64_t unsent() const { return granted() - totals_.begun() - totals_.dropped(); }
  uint32_t free_slots() const;
  // The lowest session granted and not yet begun; kNoCredit when there is none.
  uint64_t LowestUnsent();
  v1::CreditTotals totals() const;
  const SlotWaits& slot_waits() const { return slot_waits_; }
  bool started() const { return start_ns_ != kNever; }
  bool sending_stopped() const { return stopped_; }
  // The lease expired and ended this phase.
  bool lease_expired() const { return lease_expired_; }

 private:
  uint64_t granted() const;
  bool SlotFree() const { return settings_.slots == 0 || sessions_.count() < settings_.slots; }
  int64_t StopAtNs() const;
  int64_t SendAllDue(int64_t now_ns, int64_t last_due_ns);
  int64_t BeginWhileDue(int64_t now_ns, int64_t last_due_ns);
  int64_t ContinueWhileDue(int64_t now_ns, int64_t last_due_ns);
  void TakeReady();
  Exchange* Front();
  bool TooLate(const Exchange& exchange, int64_t now_ns) const;
  void BeginFront();
  void DropFront(int64_t now_ns);
  void Send(std::unique_ptr<Exchange> exchange);
  std::unique_ptr<Exchange> PopFront();
  void LookAhead(int64_t now_ns, int64_t next_due_ns);
  int64_t ReadyTime(const Exchange& exchange) const;
  void TakeSlot(const Exchange& exchange);
  void StopSending(int64_t now_ns, int64_t grace_ns);
  void Count(const Exchange& exchange);
  void ExpireLease();

  PhaseSettings settings_;
  Engine* const engine_;
  ReadyQueue* const queue_;
  const Lease* const lease_;
  UsageRefusal* const usage_refusal_;
  const DispatcherCallbacks callbacks_;

  OpenAhead open_ahead_;
  OpenSessions sessions_;
  std::deque<std::unique_ptr<Exchange>> ready_;  // first turns, by rising session
  uint32_t slot_changes_ = 0;
  std::deque<int64_t> slot_free_since_;  // of slots not free since t = 0, oldest first
  int64_t start_ns_ = kNever;
  int64_t cancel_at_ns_ = kNever;
  bool stopped_ = false;
  bool no_more_credits_ = false;
  bool cancelling_ = false;
  bool lease_expired_ = false;
  bool sending_ = false;  // a Send may finish at once and come back in here
  v1::CreditTotals totals_;
  SlotWaits slot_waits_;
};

}  // namespace drumfire

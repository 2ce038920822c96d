// Who holds which credit, the right to run one session: hands the schedule of one phase out to the
// workers as grants (ranges of sessions), and the sessions that a lost worker did not begin to the
// others. State machines without clock, thread or transport: they take events and return grants.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "common/schedule/schedule.h"
#include "coordinator/ledger/credit_ranges.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

struct WorkerGrant {
  uint32_t worker = 0;
  v1::Grant grant;
};

struct LedgerOptions {
  uint32_t phase = 0;
  // No grant is marked final before GrantFinal: a worker may still have to take over what
  // another loses.
  bool hold_final = false;
};

class Ledger {
 public:
  Ledger(LedgerOptions options, uint32_t workers) : options_(options), workers_(workers) {}
  virtual ~Ledger() = default;

  // Before the start, and then from time to time: grants that are due by the phase's clock (ns
  // after its start, negative before), and those reclaimed from lost workers.
  std::vector<WorkerGrant> Advance(int64_t phase_now_ns);
  // A worker holds `unsent` credits and has `free_slots` slots without a session. A closed loop
  // always answers while it has credits, if need be with an empty grant, so that the worker knows
  // it was heard; nobody hears more after the last grant.
  std::vector<WorkerGrant> OnDemand(uint32_t worker, uint64_t unsent, uint32_t free_slots);

  // The worker has begun all below lowest_unsent of what it held when it had got `granted` credits.
  void Settle(uint32_t worker, uint64_t lowest_unsent, uint64_t granted = kUnboundedCredits);
  // The worker gets no more. What was meant for it waits.
  void Lose(uint32_t worker);
  // A lost worker cannot send any more: what it had not begun, and what waits, goes to the others.
  // Returns how many credits it had held.
  uint64_t Reclaim(uint32_t worker);
  // One more worker takes part from now on, with so many slots (open loops: any). Returns its
  // number. Only under hold_final, and not after GrantFinal.
  uint32_t Enlist(uint32_t slots);
  // Under hold_final: nothing can be reclaimed any more, so every worker gets its final grant.
  std::vector<WorkerGrant> GrantFinal();

  // Credits handed out so far, to one worker, without those reclaimed.
  uint64_t granted(uint32_t worker) const { return workers_[worker].held.granted(); }
  // Of these, known to be begun or dropped.
  uint64_t settled(uint32_t worker) const { return workers_[worker].held.settled(); }
  // All credits are handed out.
  bool exhausted() const { return reclaimed_.empty() && AllAssigned(); }

 protected:
  virtual void AdvanceTo(int64_t phase_now_ns, std::vector<WorkerGrant>* grants) = 0;
  virtual void Answer(uint32_t worker, uint64_t unsent, uint32_t free_slots,
                      std::vector<WorkerGrant>* grants) = 0;
  // Every credit of the schedule left, for a worker or for the pool.
  virtual bool AllAssigned() const = 0;
  virtual void OnReclaimed(uint32_t /*worker*/) {}
  // Called before worker_count() grows.
  virtual void OnEnlist(uint32_t slots) = 0;

  // Grants the range; an empty one is a message all the same.
  void Give(uint32_t worker, const CreditRange& range, std::vector<WorkerGrant>* grants);
  // To be granted to any worker that is present.
  void Return(const CreditRange& range);
  uint32_t worker_count() const { return static_cast<uint32_t>(workers_.size()); }
  bool is_lost(uint32_t worker) const { return workers_[worker].is_lost; }
  bool holds_final() const { return options_.hold_final; }

 private:
  struct Worker {
    HeldCredits held;
    bool is_lost = false;
    bool final_granted = false;
  };

  std::vector<uint32_t> Present() const;
  void GiveReclaimed(std::vector<WorkerGrant>* grants);
  void MarkFinal(std::vector<WorkerGrant>* grants);

  const LedgerOptions options_;
  std::vector<Worker> workers_;
  std::vector<CreditRange> reclaimed_;
  uint32_t next_starter_ = 0;
};

// Open loop: session s goes to worker s mod workers. Grants run ahead of the due times by the
// horizon, so that a coordinator that stalls for less holds nobody up. total may not be unbounded.
// due_ns(s) gives the start of session s, asked for in rising order.
std::unique_ptr<Ledger> MakeOpenLoopLedger(LedgerOptions options, uint32_t workers, uint64_t total,
                                           std::function<int64_t(uint64_t)> due_ns);

// Closed loop: blocks of consecutive credits on demand. They grow with what the worker has had so
// far, so that a fast one asks seldom and a slow one holds little, and shrink towards the end
// (guided self-scheduling: half an even share of what is left), so that the total is exact and
// nobody idles while another has a queue. slots: per worker; a worker without slots gets no
// credits.
std::unique_ptr<Ledger> MakeClosedLoopLedger(LedgerOptions options, std::vector<uint32_t> slots,
                                             uint64_t total);

constexpr int64_t kGrantHorizonNs = 3'000'000'000;
constexpr uint64_t kMinFullBlock = 64, kMaxBlock = 4096;

}  // namespace drumfire

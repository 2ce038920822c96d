// Who holds which credit: hands the schedule of one phase out to the workers as grants (ranges of
// k). State machines without clock, thread or transport: they take events and return grants.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

#include "drumfire/v1/control.pb.h"

namespace drumfire {

// A phase that ends by its duration alone has no total.
constexpr uint64_t kUnboundedCredits = std::numeric_limits<uint64_t>::max();

struct WorkerGrant {
  uint32_t worker = 0;
  v1::Grant grant;
};

class Ledger {
 public:
  virtual ~Ledger() = default;

  // Before the start, and then from time to time: grants that are due by the phase's clock (ns
  // after its start, negative before).
  virtual std::vector<WorkerGrant> Advance(int64_t phase_now_ns) = 0;
  // A worker holds `unsent` credits and has `free_slots` slots without a request. A closed loop
  // always answers, if need be with an empty grant, so that the worker knows it was heard; nobody
  // hears more after the last grant.
  virtual std::vector<WorkerGrant> OnDemand(uint32_t worker, uint64_t unsent,
                                            uint32_t free_slots) = 0;
  // Credits handed out so far, to one worker.
  virtual uint64_t granted(uint32_t worker) const = 0;
  // Every worker was told its last grant.
  virtual bool exhausted() const = 0;
};

// Open loop: request k goes to worker k mod workers. Grants run ahead of the due times by the
// horizon, so that a coordinator that stalls for less holds nobody up. total may not be unbounded.
// due_ns(k) gives the due time of k in rising order.
std::unique_ptr<Ledger> MakeOpenLoopLedger(uint32_t phase, uint32_t workers, uint64_t total,
                                           std::function<int64_t(uint64_t)> due_ns);

// Closed loop: blocks of consecutive credits on demand, shrinking towards the end (guided
// self-scheduling: half an even share of what is left), so that the total is exact and nobody idles
// while another has a queue. slots: per worker; a worker without slots gets no credits.
std::unique_ptr<Ledger> MakeClosedLoopLedger(uint32_t phase, std::vector<uint32_t> slots,
                                             uint64_t total);

constexpr int64_t kGrantHorizonNs = 3'000'000'000;
constexpr uint64_t kMinFullBlock = 64, kMaxBlock = 4096;

}  // namespace drumfire

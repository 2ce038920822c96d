// Finds workers of a phase that make no progress: they hold credits and answer heartbeats, but for
// longer than any request may take they have neither sent nor ended one. A phase that ends by its
// request count alone would wait for them for ever. One thread.
//
//   StallWatch watch(plan);
//   watch.Begin(worker, now_ns);                          // it takes part
//   watch.OnGrant(worker, now_ns);
//   watch.OnProgress(worker, progress.totals(), now_ns);
//   if (watch.IsStalled(worker, granted, now_ns)) ...
#pragma once

#include <cstdint>
#include <limits>
#include <map>

#include "common/clock/clock.h"
#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// Beyond the request timeout: credits are granted a little ahead, and reports take their time.
constexpr int64_t kStallPatienceNs = 60 * kNsPerSecond;

class StallWatch {
 public:
  // Nobody stalls without a request timeout, or where a session may pause between its turns.
  explicit StallWatch(const v1::Plan& plan);

  void Begin(uint32_t worker, int64_t now_ns);
  // It gets credits. The time in which it had none does not count.
  void OnGrant(uint32_t worker, int64_t now_ns);
  // As the worker reports them, about twice a second.
  void OnProgress(uint32_t worker, const v1::CreditTotals& totals, int64_t now_ns);
  // granted: sessions, by the coordinator's own count.
  bool IsStalled(uint32_t worker, uint64_t granted, int64_t now_ns) const;
  // How long nothing may change, ns.
  int64_t limit_ns() const { return limit_ns_; }

 private:
  struct Seen {
    int64_t changed_ns = 0;
    uint64_t moves = 0;  // sum of all counts that only grow
    bool has_work = false;
    uint64_t granted = 0;  // as the worker knows
  };

  int64_t limit_ns_ = std::numeric_limits<int64_t>::max();
  std::map<uint32_t, Seen> seen_;
};

}  // namespace drumfire

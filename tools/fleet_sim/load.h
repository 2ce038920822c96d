// What a fake worker does with its credits in one phase. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "drumfire/v1/control.pb.h"
#include "worker/engine/exchange.h"

namespace drumfire::fleet_sim {

// As IoCallbacks; called from inside the load's functions, which the callee must not end.
struct LoadCallbacks {
  std::function<void(std::unique_ptr<Exchange>)> on_record;
  // A request is over, and its record was not kept.
  std::function<void(uint64_t count)> on_dropped_records;
  std::function<void(uint64_t unsent, uint32_t free_slots)> on_hungry;
  std::function<void()> on_done;
  std::function<void()> on_lapse;
};

class Load {
 public:
  virtual ~Load() = default;
  virtual void Add(const v1::Grant& grant) = 0;
  // t = 0 on the machine's monotonic clock.
  virtual void Start(int64_t start_ns) = 0;
  virtual void SetSlots(uint32_t slots) = 0;
  virtual void Drain(int64_t grace_ns) = 0;
  virtual void Cancel() = 0;
  virtual void ExtendLease(int64_t until_ns) = 0;
  // Does all that is due. Returns when to call again at the latest, monotonic.
  virtual int64_t Turn() = 0;
  virtual v1::CreditTotals totals() const = 0;
  virtual uint64_t LowestUnsent() = 0;
};

}  // namespace drumfire::fleet_sim

// Work that may wait long for a disk, done beside the run's thread, which goes on answering
// heartbeats. A worker that is lost meanwhile is so by its Member: whatever comes next looks there.
//
//   absl::Status opened;
//   AsideStage stage([&] { opened = OpenFolder(); }, fleet, &runners);
//   Drive(&stage, fleet, clock);
//   return opened;
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "common/loop/loop.h"
#include "coordinator/fleet/run_stage.h"

namespace drumfire {

class AsideStage : public RunStage {
 public:
  // Begins the work. Nothing is owned. The destructor waits for the work's end.
  AsideStage(std::function<void()> work, Fleet* fleet, LoopRunners* runners);

  bool is_over() const override { return is_over_; }
  bool Handle(const FleetEvent&) override { return false; }
  int64_t Step(int64_t now_ns) override;

 private:
  // The work is a task of it.
  class IdleLoop : public Loop {
    int64_t Step(int64_t) override { return kNever; }
  };

  IdleLoop loop_;
  std::atomic<bool> is_done_ = false;
  bool is_over_ = false;
  const std::unique_ptr<LoopRunner> runner_;  // last: its thread uses the rest
};

}  // namespace drumfire

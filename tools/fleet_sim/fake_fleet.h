// The fake workers of one process and what they share. Any thread makes workers; all else is on the
// shared thread.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "common/clock/clock.h"
#include "tools/fleet_sim/fake_engine.h"
#include "tools/fleet_sim/figures.h"
#include "tools/fleet_sim/record_links.h"
#include "tools/fleet_sim/shared_loops.h"
#include "tools/fleet_sim/shared_thread.h"
#include "tools/fleet_sim/workloads.h"

namespace drumfire::fleet_sim {

class FakeWorker;

struct FleetSettings {
  std::string host;  // the address of every socket
  FakeAnswer answer;
  double speed_up = 1;       // of the phases' clocks
  bool keep_records = true;  // false: closed-loop credits that cost nothing (CountingRun)
  // All streams are broken off so long after the first Start; -1 = never.
  int64_t drop_all_after_ns = -1;
};

class FakeFleet : private Sleeper {
 public:
  // clock and thread must outlive the fleet.
  FakeFleet(FleetSettings settings, const Clock& clock, SharedThread* thread);
  ~FakeFleet() override;

  // A worker for a stream that has just begun. Any thread.
  std::shared_ptr<FakeWorker> NewWorker();
  void OnStart(int64_t now_ns);
  void Remove(const std::shared_ptr<FakeWorker>& worker) { workers_.erase(worker); }

  const FleetSettings& settings() const { return settings_; }
  const Clock& clock() const { return clock_; }
  SharedThread& thread() { return *thread_; }
  LoopRunners& loops() { return loops_; }
  RecordLinks& links() { return links_; }
  Workloads& workloads() { return workloads_; }
  Figures& figures() { return figures_; }

 private:
  void OnWake() override;

  const FleetSettings settings_;
  const Clock& clock_;
  SharedThread* const thread_;
  SharedLoops loops_;
  RecordLinks links_;
  Workloads workloads_;
  Figures figures_;
  std::set<std::shared_ptr<FakeWorker>> workers_;
  bool is_drop_planned_ = false;
};

}  // namespace drumfire::fleet_sim

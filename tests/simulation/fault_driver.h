// Makes the faults of a run happen, at times that chance decides, and heals them.
#pragma once

#include <functional>
#include <vector>

#include "coordinator/ingest/testing.h"
#include "tests/simulation/network.h"
#include "tests/simulation/sim_run.h"

namespace drumfire::simulation {

class FaultDriver {
 public:
  // Nothing is owned; all must outlive the world's events.
  FaultDriver(const Scenario& scenario, World* world, Network* network, RecordStreams* records,
              const std::vector<SimWorker*>& workers, SimStops* stops, testutil::FakeDisk* disk);

  // Starts the workers too.
  void Schedule();

 private:
  // Runs the strike once or twice, somewhen, if the fault is on.
  void Times(Fault fault, const std::function<void()>& strike);
  uint32_t AnyWorker();
  int64_t Soon();
  void StartWorkers();
  void ScheduleLinkFaults();
  void ScheduleWorkerFaults();
  void ScheduleCoordinatorFaults();
  void Break();
  void Clog();
  void Split();
  void Crash();
  void Pause();

  const Scenario& scenario_;
  World* const world_;
  Network* const network_;
  RecordStreams* const records_;
  const std::vector<SimWorker*> workers_;
  SimStops* const stops_;
  testutil::FakeDisk* const disk_;
  const int64_t begin_ns_;
};

}  // namespace drumfire::simulation

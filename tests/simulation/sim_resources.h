// A simulated worker's resources: loops of the world, an engine without a network, its record
// stream in the shared RecordStreams.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/checker.h"
#include "tests/simulation/record_streams.h"
#include "tests/simulation/sim_engine.h"
#include "tests/simulation/sim_loops.h"
#include "worker/session/run_resources.h"

namespace drumfire::simulation {

// Of one run.
class SimResources : public RunResources, private LoopRunners {
 public:
  // number: of the worker in the fleet. workload: shared by all workers. Nothing else is owned.
  SimResources(const Scenario& scenario, uint32_t number, World* world, const HostClock* clock,
               SimLoops* loops, std::shared_ptr<const Workload> workload, RecordStreams* records,
               Checker* checker);

  const Clock& clock() const override { return *clock_; }
  LoopRunners& runners() override { return *this; }
  absl::StatusOr<v1::Ready> Describe(const v1::Plan& plan) override;
  absl::StatusOr<std::unique_ptr<RecordLink>> OpenRecordLink(const v1::Hello& hello) override;
  absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(const v1::Plan& plan,
                                                     EngineOwner* owner) override;
  std::vector<std::string> MissingChunks(const v1::Plan&) override { return {}; }
  absl::Status AddChunk(const v1::Chunk&) override { return absl::OkStatus(); }
  absl::StatusOr<std::shared_ptr<const Workload>> LoadWorkload(const v1::Hello&) override {
    return workload_;
  }

  // Only while the run holds its engine.
  uint32_t in_flight() const { return engine_ == nullptr ? 0 : engine_->in_flight(); }

 private:
  std::unique_ptr<LoopRunner> Run(Loop* loop, LoopWaiter* waiter) override;

  const Scenario& scenario_;
  const uint32_t number_;
  World* const world_;
  const HostClock* const clock_;
  SimLoops* const loops_;
  const std::shared_ptr<const Workload> workload_;
  RecordStreams* const records_;
  Checker* const checker_;
  SimEngine* engine_ = nullptr;
};

}  // namespace drumfire::simulation

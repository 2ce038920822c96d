// A fake worker's resources: loops on the shared thread, an engine without a network, one of the
// process's record sockets.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/fleet_sim/fake_engine.h"
#include "tools/fleet_sim/phase_clock.h"
#include "tools/fleet_sim/record_links.h"
#include "tools/fleet_sim/workloads.h"
#include "worker/session/run_resources.h"

namespace drumfire::fleet_sim {

struct FakeResourceOptions {
  FakeAnswer answer;
  double speed_up = 1;  // of the requests' clock
  const Clock* clock = nullptr;
  LoopRunners* runners = nullptr;
  Workloads* workloads = nullptr;
  RecordLinks* links = nullptr;
};

class FleetResources : public RunResources, private LoopRunners {
 public:
  // Nothing in the options is owned.
  explicit FleetResources(const FakeResourceOptions& options)
      : options_(options), request_clock_(*options.clock, options.speed_up) {}

  const Clock& clock() const override { return *options_.clock; }
  const Clock& request_clock() const override { return request_clock_; }
  PhaseClock& phase_clock() { return request_clock_; }
  LoopRunners& runners() override { return *this; }
  // INVALID_ARGUMENT for an open loop on a clock that is sped up.
  absl::StatusOr<v1::Ready> Describe(const v1::Plan& plan) override;
  absl::StatusOr<std::unique_ptr<RecordLink>> OpenRecordLink(const v1::Hello& hello) override;
  absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(const v1::Plan& plan,
                                                     EngineOwner* owner) override;
  std::vector<std::string> MissingChunks(const v1::Plan& plan) override;
  absl::Status AddChunk(const v1::Chunk& chunk) override;
  absl::StatusOr<std::shared_ptr<const Workload>> LoadWorkload(const v1::Hello& hello) override {
    return options_.workloads->Load(hello);
  }

 private:
  std::unique_ptr<LoopRunner> Run(Loop* loop, LoopWaiter* waiter) override;

  const FakeResourceOptions options_;
  PhaseClock request_clock_;
  const FakeEngine* engine_ = nullptr;
};

// INVALID_ARGUMENT when a phase of the plan is an open loop, which goes by the coordinator's clock.
absl::Status CheckClosedLoops(const v1::Plan& plan);

}  // namespace drumfire::fleet_sim

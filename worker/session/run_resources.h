// All that a run takes from the process it lives in. ProcessResources is the real one; the
// simulated fleet and fleet_sim have their own, over fake links, engines and clocks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/endpoint/workload.h"
#include "common/loop/loop.h"
#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/engine/engine.h"
#include "worker/health/usage_meter.h"
#include "worker/sink/batch_sender.h"

namespace drumfire {

// Called on the session's loop. Must outlive the runs.
class RunResources {
 public:
  virtual ~RunResources() = default;

  // Of the session and the records.
  virtual const Clock& clock() const = 0;
  // Of requests: due times, leases and stamps.
  virtual const Clock& request_clock() const { return clock(); }
  virtual LoopRunners& runners() = 0;
  // Part of Ready: limits, engine, proxies. INVALID_ARGUMENT for a plan that cannot be run here.
  virtual absl::StatusOr<v1::Ready> Describe(const v1::Plan& plan) = 0;
  // The record stream's end, which only the run's coordinator can pull from.
  virtual absl::StatusOr<std::unique_ptr<RecordLink>> OpenRecordLink(const v1::Hello& hello) = 0;
  // owner must outlive the engine.
  virtual absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(const v1::Plan& plan,
                                                             EngineOwner* owner) = 0;

  // Of this process and its host; null = no such figures.
  virtual std::unique_ptr<UsageMeter> MakeUsageMeter() { return nullptr; }

  // Chunks of the plan's blobs that are not here yet.
  virtual std::vector<std::string> MissingChunks(const v1::Plan& plan) = 0;
  virtual absl::Status AddChunk(const v1::Chunk& chunk) = 0;
  // All chunks are here.
  virtual absl::StatusOr<std::shared_ptr<const Workload>> LoadWorkload(const v1::Hello& hello) = 0;
};

}  // namespace drumfire

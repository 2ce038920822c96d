#include "tools/fleet_sim/fleet_resources.h"

#include <utility>

#include "common/plan/version.h"
#include "common/schedule/schedule.h"
#include "tools/fleet_sim/paced_loop.h"

namespace drumfire::fleet_sim {

absl::Status CheckClosedLoops(const v1::Plan& plan) {
  for (const v1::Phase& phase : plan.phases()) {
    if (!IsOpenLoop(phase)) continue;
    return absl::InvalidArgumentError(
        "this fake worker (--speed-up, --no-records) takes closed loops only: an open loop goes by "
        "the coordinator's clock");
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Ready> FleetResources::Describe(const v1::Plan& plan) {
  if (options_.speed_up != 1) {
    if (absl::Status fits = CheckClosedLoops(plan); !fits.ok()) return fits;
  }
  v1::Ready ready;
  ready.set_version(std::string(kVersion));
  ready.set_engine("simulated");
  return ready;
}

absl::StatusOr<std::unique_ptr<RecordLink>> FleetResources::OpenRecordLink(const v1::Hello& hello) {
  return options_.links->Open(hello.records_client_key());
}

absl::StatusOr<std::unique_ptr<Engine>> FleetResources::MakeEngine(const v1::Plan&,
                                                                   EngineOwner* owner) {
  auto engine = std::make_unique<FakeEngine>(options_.answer, request_clock_, owner);
  engine_ = engine.get();
  return engine;
}

std::vector<std::string> FleetResources::MissingChunks(const v1::Plan& plan) {
  return options_.workloads->chunks().Missing(WantedChunks(plan));
}

// Another worker of the process may have brought it meanwhile.
absl::Status FleetResources::AddChunk(const v1::Chunk& chunk) {
  ChunkStore& chunks = options_.workloads->chunks();
  if (chunks.Missing({chunk.sha256()}).empty()) return absl::OkStatus();
  return chunks.Add(chunk.sha256(), chunk.data());
}

// Only the I/O loop has a way of its own to wait, and the requests' clock.
std::unique_ptr<LoopRunner> FleetResources::Run(Loop* loop, LoopWaiter* waiter) {
  if (waiter == nullptr) return options_.runners->Run(loop, nullptr);
  return std::make_unique<PacedRunner>(
      std::make_unique<PacedLoop>(loop, waiter, engine_, &request_clock_), options_.runners);
}

}  // namespace drumfire::fleet_sim

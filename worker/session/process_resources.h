// A run's resources in a real worker: threads, sockets, the host's limits and the chunks that the
// process keeps from run to run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/loop/loop_thread.h"
#include "worker/session/chunk_store.h"
#include "worker/session/run_resources.h"

namespace drumfire {

// One run at a time.
class ProcessResources : public RunResources {
 public:
  // records_bind: the ZeroMQ endpoint to bind for records; the coordinator replaces a wildcard by
  // the host that it dialled. clock is not owned.
  ProcessResources(std::string records_bind, const Clock& clock)
      : records_bind_(std::move(records_bind)), clock_(clock), threads_(clock) {}

  const Clock& clock() const override { return clock_; }
  LoopRunners& runners() override { return threads_; }
  absl::StatusOr<v1::Ready> Describe(const v1::Plan& plan) override;
  absl::StatusOr<std::unique_ptr<RecordLink>> OpenRecordLink(const v1::Hello& hello) override;
  absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(const v1::Plan& plan,
                                                     EngineOwner* owner) override;
  std::unique_ptr<UsageMeter> MakeUsageMeter() override {
    return std::make_unique<UsageMeter>(clock_.MonotonicNs());
  }
  std::vector<std::string> MissingChunks(const v1::Plan& plan) override;
  absl::Status AddChunk(const v1::Chunk& chunk) override;
  absl::StatusOr<std::shared_ptr<const Workload>> LoadWorkload(const v1::Hello& hello) override;

 private:
  const std::string records_bind_;
  const Clock& clock_;
  LoopThreads threads_;
  ChunkStore chunks_;
};

}  // namespace drumfire

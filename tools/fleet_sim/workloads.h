// Tokenizer and data set of a run, made once for all fake workers of a process. The event loop's
// thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/dataset/dataset.h"
#include "common/tokens/tokenizer.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/session/chunk_store.h"

namespace drumfire::fleet_sim {

struct Workload {
  v1::Plan plan;
  std::unique_ptr<Tokenizer> tokenizer;
  std::unique_ptr<Dataset> dataset;
};

class Workloads {
 public:
  // Names of all chunks that the plan's run needs.
  static std::vector<std::string> WantedChunks(const v1::Plan& plan);

  // Shared by all who load the same plan meanwhile. The plan's chunks must be in the store.
  absl::StatusOr<std::shared_ptr<const Workload>> Load(const std::string& plan_hash,
                                                       const v1::Plan& plan);
  ChunkStore& chunks() { return chunks_; }

 private:
  absl::StatusOr<std::shared_ptr<const Workload>> Make(const v1::Plan& plan) const;

  ChunkStore chunks_;
  std::map<std::string, std::weak_ptr<const Workload>> loaded_;  // by plan hash
};

}  // namespace drumfire::fleet_sim

// Tokenizers and data sets of runs, each made once for all fake workers of a process. The shared
// thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/endpoint/workload.h"
#include "common/plan/plan_hash.h"
#include "drumfire/v1/control.pb.h"
#include "worker/session/chunk_store.h"

namespace drumfire::fleet_sim {

class Workloads {
 public:
  // Shared by all who load the same plan meanwhile. The plan's chunks must be in the store.
  absl::StatusOr<std::shared_ptr<const Workload>> Load(const v1::Hello& hello) {
    std::weak_ptr<const Workload>& known = loaded_[PlanHash(hello.plan())];
    if (auto shared = known.lock()) return shared;
    auto made = MakeWorkload(hello.plan(), hello.secrets(),
                             [this](const v1::Blob& blob) { return chunks_.Assemble(blob); });
    if (made.ok()) known = *made;
    return made;
  }
  ChunkStore& chunks() { return chunks_; }

 private:
  ChunkStore chunks_;
  std::map<std::string, std::weak_ptr<const Workload>> loaded_;  // by plan hash
};

}  // namespace drumfire::fleet_sim

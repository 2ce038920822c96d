// All that the requests of a run are made from.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/dataset/dataset.h"
#include "common/endpoint/request_builder.h"
#include "common/tokens/tokenizer.h"
#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/session/chunk_store.h"

namespace drumfire {

struct Workload {
  v1::Plan plan;
  std::unique_ptr<Tokenizer> tokenizer;  // null = none
  std::unique_ptr<Dataset> dataset;
  std::unique_ptr<RequestBuilder> builder;
};

// Names of all chunks that the plan's blobs consist of.
std::vector<std::string> WantedChunks(const v1::Plan& plan);

// The chunks must be in the store.
absl::StatusOr<std::shared_ptr<const Workload>> MakeWorkload(const v1::Hello& hello,
                                                             const ChunkStore& chunks);

}  // namespace drumfire

// All that the requests of a run are made from. Coordinator and workers make it from the same plan
// and the same bytes, and so make the same requests.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/dataset/dataset.h"
#include "common/endpoint/request_builder.h"
#include "common/tokens/tokenizer.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// Immutable but for its end; any thread.
struct Workload {
  // True ends a long search for a prompt soon: nobody needs it any more.
  const std::unique_ptr<std::atomic<bool>> is_stopping = std::make_unique<std::atomic<bool>>(false);
  v1::Plan plan;
  std::unique_ptr<Tokenizer> tokenizer;  // null = none
  std::unique_ptr<Dataset> dataset;
  std::unique_ptr<RequestBuilder> builder;
};

// Gives the bytes of one of the plan's blobs.
using BlobReader = absl::FunctionRef<absl::StatusOr<std::string>(const v1::Blob&)>;

// secrets go into the heads of requests only. Errors are those of the blobs, the tokenizer,
// the data set and the request builder.
absl::StatusOr<std::shared_ptr<const Workload>> MakeWorkload(const v1::Plan& plan,
                                                             const v1::RequestSecrets& secrets,
                                                             BlobReader read_blob);

}  // namespace drumfire

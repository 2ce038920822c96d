// The objects that turn a plan into requests, in order of dependency.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/dataset/dataset.h"
#include "common/endpoint/request_builder.h"
#include "common/tokens/tokenizer.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

struct RequestInputs {
  std::unique_ptr<Tokenizer> tokenizer;
  std::unique_ptr<Dataset> dataset;
  std::unique_ptr<RequestBuilder> builder;
};

// The request must outlive the inputs.
absl::StatusOr<RequestInputs> MakeRequestInputs(const ProfileRequest& request);

}  // namespace drumfire

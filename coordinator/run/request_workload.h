// The workload of a request: everything that its requests are made from.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/endpoint/workload.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// The blobs come from request.chunks.
absl::StatusOr<std::shared_ptr<const Workload>> WorkloadOf(const ProfileRequest& request);

}  // namespace drumfire

// The output of `drumfire profile --dry-run`: the number of requests and tokens, the duration, and
// the number of workers needed.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// Lines of at most 80 columns.
absl::StatusOr<std::string> DryRunSummary(const ProfileRequest& request);

}  // namespace drumfire

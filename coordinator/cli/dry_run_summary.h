// What `drumfire profile --dry-run` prints: how many requests and tokens the run would send, for
// how long, and how many workers that needs.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// Lines of at most 80 columns.
absl::StatusOr<std::string> DryRunSummary(const ProfileRequest& request);

}  // namespace drumfire

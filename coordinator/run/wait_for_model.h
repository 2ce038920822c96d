// Waits until the targets answer GET /v1/models, for servers that still load their model when the
// run is begun.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// Asks each url of the plan every few hundred milliseconds, for request.wait_for_model_ns in all (0
// = does not ask). stop is asked in between. INVALID_ARGUMENT names the url that did not answer and
// what it said last.
absl::Status WaitForModel(const ProfileRequest& request, const std::function<bool()>& stop);

}  // namespace drumfire

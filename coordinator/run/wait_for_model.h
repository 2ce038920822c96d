// Waits until the targets serve the models of the plan, for servers that still load or register
// them when the run is begun.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// Asks each url for each model every request.wait.interval_ns, for request.wait.timeout_ns in all
// (0 = does not ask): for a word from the model (inference), for its name in /v1/models (models),
// or both. Tells tell what it waits for, a line now and then. Gives notes for the report, such as a
// name that the server does not list and answers to all the same. Errors: INVALID_ARGUMENT names
// the url, what it said last and what to try; CANCELLED when stop became true.
absl::StatusOr<std::vector<std::string>> WaitForModel(
    const ProfileRequest& request, const std::function<bool()>& stop,
    const std::function<void(const std::string& line)>& tell);

}  // namespace drumfire

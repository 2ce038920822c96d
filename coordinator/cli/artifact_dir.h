// Where a run's files go, so that no run ever replaces another's in silence.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// "<model>-openai-<type>-<load>" as AIPerf names it: slashes of the model are "_", the load is
// concurrency10, request_rate20.0 or both, or fixed_schedule.
std::string ArtifactFolderName(const v1::Plan& plan);

// Settles request->artifact_dir. Not given: <root>/<name>, with -2, -3, ... when it is there
// already. Given: taken as it is; a folder that holds an earlier run's results is refused unless
// request->overwrite. InvalidArgument when it could not be written. Leaves nothing behind.
absl::Status ResolveArtifactDir(const std::string& root, ProfileRequest* request);

// True when the folder holds results of a run, complete or not.
bool HoldsResults(const std::string& folder);

}  // namespace drumfire

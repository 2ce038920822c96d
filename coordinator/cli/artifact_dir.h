// Chooses the directory of a run's files, so that no run silently replaces another's.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// "<model>-openai-<type>-<load>" as AIPerf names it: slashes of the model are "_", the load is
// concurrency10, request_rate20.0 or both, or fixed_schedule.
std::string ArtifactFolderName(const v1::Plan& plan);

// Sets request->artifact_dir. Not given: <root>/<name>, with -2, -3, ... if it exists. Given: used
// unchanged; a directory with an earlier run's results is refused unless request->overwrite.
// InvalidArgument if it cannot be written. Leaves nothing behind.
absl::Status ResolveArtifactDir(const std::string& root, ProfileRequest* request);

// Whether the directory contains results of a run, complete or not.
bool HoldsResults(const std::string& folder);

}  // namespace drumfire

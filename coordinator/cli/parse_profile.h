// Turns a command line into a plan. All errors are found here, before anything starts or is
// written.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// arguments: those after "drumfire profile". InvalidArgument is one line that names the flag, the
// problem and the remedy. The artifact directory is as given (empty = not given);
// ResolveArtifactDir sets it.
absl::StatusOr<ProfileRequest> ParseProfile(absl::Span<const std::string> arguments,
                                            const ProfileInputs& inputs);

}  // namespace drumfire

// Command line -> plan. Everything that can be wrong is found here, before anything starts or is
// written.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// arguments: what follows "drumfire profile". InvalidArgument: one line "--flag: found X, expected
// Y". The artifact folder is as given (empty = not given): ResolveArtifactDir settles it.
absl::StatusOr<ProfileRequest> ParseProfile(absl::Span<const std::string> arguments,
                                            const ProfileInputs& inputs);

}  // namespace drumfire

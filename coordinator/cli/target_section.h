// Reads the flags about the target: URLs, models, endpoint, headers, connections.
#pragma once

#include "coordinator/cli/flag_reader.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// Fills in its part of the request. Errors stay in the reader.
void ReadTargetSection(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request);

}  // namespace drumfire

// Reads the flags about goals, results, fleet and engine.
#pragma once

#include "coordinator/cli/flag_reader.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// Fills in its part of the request. Errors stay in the reader.
void ReadRunSection(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request);

}  // namespace drumfire

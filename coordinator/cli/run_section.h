// How the run is done and what comes out of it: goals, results, fleet, engine.
#pragma once

#include "coordinator/cli/flag_reader.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// Fills in its part of the request. Mistakes stay in the reader.
void ReadRunSection(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request);

}  // namespace drumfire

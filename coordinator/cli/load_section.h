// Reads the phases: when requests are sent, how many, and for how long.
#pragma once

#include "coordinator/cli/data_section.h"
#include "coordinator/cli/flag_reader.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// Fills in the phases and the late policy. Errors stay in the reader.
void ReadLoadSection(FlagReader* flags, const DataFacts& data, ProfileRequest* request);

}  // namespace drumfire

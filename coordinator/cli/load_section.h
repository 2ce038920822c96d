// When requests are sent, how many, and for how long: the phases.
#pragma once

#include "coordinator/cli/data_section.h"
#include "coordinator/cli/flag_reader.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// Fills in the phases and the late policy. Mistakes stay in the reader.
void ReadLoadSection(FlagReader* flags, const DataFacts& data, ProfileRequest* request);

}  // namespace drumfire

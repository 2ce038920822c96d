// What the requests say: tokenizer, prompts, input file.
#pragma once

#include <cstdint>

#include "coordinator/cli/flag_reader.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// What the load section needs to know of the data.
struct DataFacts {
  bool from_file = false;
  uint64_t rows = 0;
  bool has_timestamps = false;
};

// Fills in its part of the request (models must be there). Mistakes stay in the reader.
DataFacts ReadDataSection(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request);

}  // namespace drumfire

// Reads the flags about requests: tokenizer, prompts, input file.
#pragma once

#include <cstdint>

#include "coordinator/cli/flag_reader.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// The facts about the data that the load section needs.
struct DataFacts {
  bool from_file = false;
  uint64_t rows = 0;
  bool has_timestamps = false;
};

// Fills in its part of the request (models must be set). Errors stay in the reader.
DataFacts ReadDataSection(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request);

}  // namespace drumfire

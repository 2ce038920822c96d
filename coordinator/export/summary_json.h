// profile_export_aiperf.json: AIPerf's summary (schema 1.4, key order of 0.13), the same metric
// blocks once more under "metrics", and all that is Drumfire's own under "drumfire".
#pragma once

#include <string>

#include "coordinator/results/run_result.h"

namespace drumfire {

// folder: of the artifacts, for input_config.
std::string SummaryJson(const RunResult& result, const std::string& folder);

}  // namespace drumfire

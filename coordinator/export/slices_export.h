// profile_export_aiperf_timeslices.json and .csv.
#pragma once

#include <string>

#include "coordinator/results/run_result.h"

namespace drumfire {

std::string SlicesJson(const RunResult& result, const std::string& folder);
// Tidy: one line a figure.
std::string SlicesCsv(const RunResult& result);

}  // namespace drumfire

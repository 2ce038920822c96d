// profile_export_aiperf.csv: AIPerf's three parts. Two decimals everywhere, no unquoted thousands
// separators.
#pragma once

#include <string>

#include "coordinator/results/run_result.h"

namespace drumfire {

std::string SummaryCsv(const RunResult& result);

// A CSV field, quoted when it has to be.
std::string CsvField(absl::string_view text);
// Two decimals; empty for what has no value.
std::string CsvNumber(double value);

}  // namespace drumfire

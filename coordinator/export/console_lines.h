// The lines under the tables: what was asked for and reached, the instrument's own error, goals,
// notes, the verdict.
#pragma once

#include <string>
#include <vector>

#include "coordinator/results/run_result.h"

namespace drumfire {

std::vector<std::string> ConsoleLines(const RunResult& result);

}  // namespace drumfire

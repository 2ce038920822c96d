// The tables of the console: errors, usage, delays, targets, and the main one last.
#pragma once

#include <string>

#include "coordinator/results/run_result.h"

namespace drumfire {

std::string ConsoleTables(const RunResult& result);

}  // namespace drumfire

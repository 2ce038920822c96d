// profile_export_console.txt, and what --ui full prints: AIPerf's tables (the main one last), then
// a line each for load, instrument and verdict. No colour codes; tables of at most 140 columns.
// What fits one screen is screen.h.
#pragma once

#include <string>
#include <vector>

#include "coordinator/results/run_result.h"

namespace drumfire {

// files: paths of the exports that were written, shown at the end; empty = none.
std::string ConsoleText(const RunResult& result, const std::vector<std::string>& files);

}  // namespace drumfire

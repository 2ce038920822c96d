// The lines under the tables of profile_export_console.txt: what was asked for and reached, the
// instrument's own error, goals, notes, the verdict.
#pragma once

#include <string>
#include <vector>

#include "coordinator/export/console_line.h"
#include "coordinator/results/run_result.h"

namespace drumfire {

constexpr char kNoteLabel[] = "Note";

// Those that the screen (screen.h) and the file show alike: the goal missed most, what limited the
// run, clocks, goals, notes.
std::vector<ConsoleLine> CommonLines(const RunResult& result);

// All of the file's.
std::vector<std::string> ConsoleLines(const RunResult& result);

}  // namespace drumfire

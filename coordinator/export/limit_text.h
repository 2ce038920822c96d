// What kept the run from sending more.
#pragma once

#include <string>

#include "coordinator/results/run_result.h"

namespace drumfire {

// Empty when nothing was sent, or nothing is known.
std::string LimitText(const RunResult& result);

}  // namespace drumfire

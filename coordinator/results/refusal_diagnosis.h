// What the reader of a report can do about the failures of its requests: the flag that changes what
// the target refused.
#pragma once

#include <string>
#include <vector>

#include "coordinator/results/error_summary.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// One line per cause; empty = nothing to say.
std::vector<std::string> DiagnoseRefusals(const v1::Plan& plan,
                                          const std::vector<ErrorKind>& errors);

}  // namespace drumfire

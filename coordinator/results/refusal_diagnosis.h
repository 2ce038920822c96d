// Explains requests that the server refused, and names the flag that avoids the refusal.
#pragma once

#include <string>
#include <vector>

#include "coordinator/results/error_summary.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// One line per cause; empty = nothing to explain.
std::vector<std::string> DiagnoseRefusals(const v1::Plan& plan,
                                          const std::vector<ErrorKind>& errors);

}  // namespace drumfire

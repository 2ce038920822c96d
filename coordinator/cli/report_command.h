// `drumfire report DIR [--records] [--ui full]`: its arguments and its help.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/run/run_profile.h"

namespace drumfire {

// arguments: without the command's name. InvalidArgument is one line that begins with "report: ".
absl::StatusOr<ReportRequest> ParseReport(const std::vector<std::string>& arguments);

}  // namespace drumfire

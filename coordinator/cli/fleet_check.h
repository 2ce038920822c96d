// `drumfire fleet check` and `drumfire fleet status`: every worker is asked at once, and no run is
// disturbed by it.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/cli/certificate_ends.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/fleet/status_client.h"

namespace drumfire {

// Can a run use these workers? 0: all answered, agree, and speak our protocol; 1: not so, and each
// cause is a line.
absl::StatusOr<int> FleetCheckCommand(const std::vector<std::string>& arguments,
                                      const ProfileInputs& inputs, std::ostream& out);
// Whose are they? 0: all answered.
absl::StatusOr<int> FleetStatusCommand(const std::vector<std::string>& arguments,
                                       const ProfileInputs& inputs, std::ostream& out);

// The exit code of a check over these answers; prints all that it prints. Certificates that end
// soon are warnings and do not change the code.
int ReportCheck(const std::vector<WorkerStatus>& workers, const OwnCertificates& own,
                std::ostream& out);
int ReportOwners(const std::vector<WorkerStatus>& workers, std::ostream& out);

}  // namespace drumfire

// `drumfire fleet check` and `drumfire fleet status`: query all workers at once, without disturbing
// a run.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/cli/certificate_ends.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/fleet/status_client.h"

namespace drumfire {

// Checks whether a run can use these workers. 0: all answered, agree, and speak our protocol;
// otherwise 1, with a line per cause.
absl::StatusOr<int> FleetCheckCommand(const std::vector<std::string>& arguments,
                                      const ProfileInputs& inputs, std::ostream& out);
// Reports their owners. 0: all answered.
absl::StatusOr<int> FleetStatusCommand(const std::vector<std::string>& arguments,
                                       const ProfileInputs& inputs, std::ostream& out);

// Prints the report of a check over these answers and returns its exit code. Certificates that
// expire soon are warnings and do not change the code.
int ReportCheck(const std::vector<WorkerStatus>& workers, const OwnCertificates& own,
                std::ostream& out);
int ReportOwners(const std::vector<WorkerStatus>& workers, std::ostream& out);

}  // namespace drumfire

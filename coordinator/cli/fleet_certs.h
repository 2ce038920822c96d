// `drumfire fleet certs DIR --hosts NAME,... [--days N]`: an authority, a certificate for the
// coordinator and one for all workers. With --renew: new certificates under the authority in the
// directory. For test fleets, since the authority's key is stored next to the certificates.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/cli/profile_inputs.h"

namespace drumfire {

// Without --renew it replaces no file: the error names an existing one, and nothing is written.
// Keys have mode 0600.
absl::StatusOr<int> FleetCertsCommand(const std::vector<std::string>& arguments,
                                      const ProfileInputs& inputs, std::ostream& out);

}  // namespace drumfire

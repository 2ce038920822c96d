// `drumfire fleet certs FOLDER --hosts NAME,... [--days N]`: an authority, a certificate for the
// coordinator and one for all workers. With --renew: new certificates under the authority that is
// in the folder. For test fleets: the authority's key lies beside what it signed.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/cli/profile_inputs.h"

namespace drumfire {

// Without --renew it replaces no file: an existing one is named, and nothing is written. Keys are
// for their owner's eyes only (0600).
absl::StatusOr<int> FleetCertsCommand(const std::vector<std::string>& arguments,
                                      const ProfileInputs& inputs, std::ostream& out);

}  // namespace drumfire

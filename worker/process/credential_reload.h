// Reloads a worker's credential files on SIGHUP.
#pragma once

#include <functional>

#include "absl/time/time.h"
#include "common/credentials/credential_files.h"

namespace drumfire {

// Reads and checks the files. If all are good, passes them to use; otherwise the old credentials
// stay in use. Logs one line either way. files: those that the worker started with.
void ReloadCredentials(const CredentialFiles& files, const FileReader& read, absl::Time now,
                       const std::function<void(FleetCredentials)>& use);

}  // namespace drumfire

// What SIGHUP does to a worker: it reads its credential files again.
#pragma once

#include <functional>

#include "absl/time/time.h"
#include "common/credentials/credential_files.h"

namespace drumfire {

// Reads and checks the files; good ones are handed to use, broken ones are not, so that the old
// credentials stay. Logs one line either way. files are those that the worker started with.
void ReloadCredentials(const CredentialFiles& files, const FileReader& read, absl::Time now,
                       const std::function<void(FleetCredentials)>& use);

}  // namespace drumfire

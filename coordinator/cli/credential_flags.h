// The flags of a fleet's credentials, for all commands that contact workers.
#pragma once

#include "common/credentials/fleet_credentials.h"
#include "coordinator/cli/flag_reader.h"
#include "coordinator/cli/profile_inputs.h"

namespace drumfire {

// --tls-cert, --tls-key, --tls-ca and --fleet-token-file, read and checked.
FleetCredentials ReadCredentialFlags(FlagReader* flags, const ProfileInputs& inputs);

}  // namespace drumfire

#include "coordinator/cli/credential_flags.h"

#include "absl/time/clock.h"
#include "common/credentials/credential_files.h"

namespace drumfire {

FleetCredentials ReadCredentialFlags(FlagReader* flags, const ProfileInputs& inputs) {
  const FlagValues& values = flags->values();
  const CredentialFiles files{values.Text("--tls-cert"), values.Text("--tls-key"),
                              values.Text("--tls-ca"), values.Text("--fleet-token-file")};
  const auto read = [&inputs](const std::string& path) { return inputs.ReadFile(path); };
  auto credentials = ReadFleetCredentials(files, read, absl::Now());
  if (credentials.ok()) return *std::move(credentials);
  flags->Fail(credentials.status());
  return {};
}

}  // namespace drumfire

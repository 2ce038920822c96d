// Fleet credentials from the files named by the flags: --tls-cert, --tls-key, --tls-ca and
// --fleet-token-file, on coordinator and worker alike.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/credentials/fleet_credentials.h"

namespace drumfire {

constexpr size_t kMaxCredentialFileBytes = 1 << 20;

// Paths; empty = the flag was not given.
struct CredentialFiles {
  std::string tls_cert;
  std::string tls_key;
  std::string tls_ca;
  std::string token;

  bool any() const {
    return !tls_cert.empty() || !tls_key.empty() || !tls_ca.empty() || !token.empty();
  }
};

// Reads a file's bytes; errors name the path.
using FileReader = std::function<absl::StatusOr<std::string>(const std::string& path)>;

// Reads and checks them. InvalidArgument is one line that begins with the flag and names the file.
absl::StatusOr<FleetCredentials> ReadFleetCredentials(const CredentialFiles& files,
                                                      const FileReader& read, absl::Time now);

}  // namespace drumfire

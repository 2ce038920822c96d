#include "common/credentials/credential_files.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/credentials/secret.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

absl::Status Bad(absl::string_view flag, absl::string_view found, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat(flag, ": found ", found, ", expected ", expected));
}

// An error about the contents of a file, with its name.
absl::Status In(const std::string& path, absl::Status wrong) {
  if (wrong.ok()) return wrong;
  return absl::InvalidArgumentError(absl::StrCat(wrong.message(), " (", path, ")"));
}

absl::Status ReadPem(const FileReader& read, absl::string_view flag, const std::string& path,
                     std::string* pem) {
  auto bytes = read(path);
  if (!bytes.ok()) return Bad(flag, bytes.status().message(), "a PEM file");
  *pem = *std::move(bytes);
  return absl::OkStatus();
}

// Both sides show a certificate, so each needs its own and the authorities of the other's.
absl::Status ReadTls(const CredentialFiles& files, const FileReader& read, absl::Time now,
                     TlsIdentity* tls) {
  struct Part {
    absl::string_view flag;
    const std::string& path;
    std::string* pem;
  };
  const Part parts[] = {{"--tls-cert", files.tls_cert, &tls->certificate},
                        {"--tls-key", files.tls_key, &tls->key},
                        {"--tls-ca", files.tls_ca, &tls->ca}};
  for (const Part& part : parts) {
    if (part.path.empty()) return Bad(part.flag, "no file", "--tls-cert, --tls-key and --tls-ca");
  }
  for (const Part& part : parts) {
    DRUMFIRE_RETURN_IF_ERROR(ReadPem(read, part.flag, part.path, part.pem));
  }
  absl::Status usable = CheckTlsIdentity(*tls, now);
  for (const Part& part : parts) {
    if (absl::StartsWith(usable.message(), absl::StrCat(part.flag, ":"))) {
      return In(part.path, std::move(usable));
    }
  }
  return usable;
}

absl::Status ReadToken(const std::string& path, const FileReader& read, std::string* token) {
  constexpr absl::string_view kFlag = "--fleet-token-file";
  const auto text = read(path);
  if (!text.ok()) return Bad(kFlag, text.status().message(), "a file with a token");
  auto parsed = ParseFleetToken(*text);
  if (!parsed.ok()) {
    return In(path,
              absl::InvalidArgumentError(absl::StrCat(kFlag, ": ", parsed.status().message())));
  }
  *token = *std::move(parsed);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FleetCredentials> ReadFleetCredentials(const CredentialFiles& files,
                                                      const FileReader& read, absl::Time now) {
  FleetCredentials credentials;
  const bool any_tls = !files.tls_cert.empty() || !files.tls_key.empty() || !files.tls_ca.empty();
  if (any_tls) {
    DRUMFIRE_RETURN_IF_ERROR(ReadTls(files, read, now, &credentials.tls));
  }
  if (!files.token.empty()) {
    DRUMFIRE_RETURN_IF_ERROR(ReadToken(files.token, read, &credentials.token));
  }
  return credentials;
}

}  // namespace drumfire

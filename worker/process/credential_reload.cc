#include "worker/process/credential_reload.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/credentials/x509.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

// "; the certificate ends on 2026-12-30".
std::string EndText(const FleetCredentials& credentials) {
  if (!credentials.has_tls()) return "";
  const absl::Time end = EndOf(ReadCertificates(credentials.tls.certificate).front().get());
  return absl::StrCat("; the certificate ends on ",
                      absl::FormatTime("%Y-%m-%d", end, absl::UTCTimeZone()));
}

}  // namespace

void ReloadCredentials(const CredentialFiles& files, const FileReader& read, absl::Time now,
                       const std::function<void(FleetCredentials)>& use) {
  auto credentials = ReadFleetCredentials(files, read, now);
  if (!credentials.ok()) {
    LOG(ERROR) << "credentials not reloaded, the old ones stay: " << credentials.status().message();
    return;
  }
  const std::string end = EndText(*credentials);
  use(*std::move(credentials));
  LOG(INFO) << "credentials reloaded, for new connections" << end;
}

}  // namespace drumfire

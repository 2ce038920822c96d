// Expiry of a fleet's certificates, for `drumfire fleet check`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/credentials/fleet_credentials.h"
#include "coordinator/fleet/status_client.h"

namespace drumfire {

// A certificate that expires sooner than this is a warning.
constexpr absl::Duration kEndsSoon = absl::Hours(14 * 24);

// Expiry of the coordinator's own files; nothing without certificates.
struct OwnCertificates {
  absl::Time now;
  std::optional<absl::Time> certificate_end;
  std::vector<absl::Time> authority_ends;
};
OwnCertificates ReadOwnCertificates(const TlsIdentity& tls, absl::Time now);

// "2026-12-30, in 30 days". The date is in UTC.
std::string EndText(absl::Time end, absl::Time now);
// "Certificates until: coordinator 2026-12-30, in 30 days; authority ..."; empty if there are none.
std::string OwnEndsLine(const OwnCertificates& own);
// One line per kind of certificate that expires soon: workers', the coordinator's, authorities'.
std::vector<std::string> EndWarnings(const std::vector<WorkerStatus>& workers,
                                     const OwnCertificates& own);

}  // namespace drumfire

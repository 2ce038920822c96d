// What lets a coordinator and its workers trust each other: certificates both ways, a shared token,
// or both. The same on either side.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace drumfire {

// PEM texts. All three or none.
struct TlsIdentity {
  // The authorities whose certificates the other side may show.
  std::string ca;
  // Our own certificate, with its chain behind it.
  std::string certificate;
  std::string key;
};

struct FleetCredentials {
  TlsIdentity tls;
  // Shared by all of a fleet; empty = none.
  std::string token;

  bool has_tls() const { return !tls.certificate.empty(); }
  bool has_token() const { return !token.empty(); }
};

// Can these be used at all, now? InvalidArgument begins with the flag at fault ("--tls-key: found
// ..., expected ...") and never repeats a key.
absl::Status CheckTlsIdentity(const TlsIdentity& tls, absl::Time now);

// True when only processes of this host can reach who listens there: a Unix socket or a loopback
// address. A name other than localhost may be anything, so it is not.
bool IsLocalAddress(const std::string& address);

}  // namespace drumfire

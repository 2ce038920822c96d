// Credentials by which a coordinator and its workers trust each other: certificates both ways, a
// shared token, or both. The same type on either side.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace drumfire {

// PEM texts. All three or none.
struct TlsIdentity {
  // The authorities accepted for the other side's certificate.
  std::string ca;
  // Our own certificate, followed by its chain.
  std::string certificate;
  std::string key;
};

struct FleetCredentials {
  TlsIdentity tls;
  // Shared by the whole fleet; empty = none.
  std::string token;

  bool has_tls() const { return !tls.certificate.empty(); }
  bool has_token() const { return !token.empty(); }
};

// Checks that these credentials can be used now. InvalidArgument begins with the flag at fault
// ("--tls-key: found ..., expected ...") and never repeats a key.
absl::Status CheckTlsIdentity(const TlsIdentity& tls, absl::Time now);

// Whether only processes on this host can reach this address: a Unix socket or a loopback address.
// A name other than localhost could be anything, so it does not count.
bool IsLocalAddress(const std::string& address);

}  // namespace drumfire

#include "common/credentials/fleet_credentials.h"

#include <arpa/inet.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/credentials/x509.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

constexpr uint32_t kLoopbackNet = 127;

absl::Status BadCredential(absl::string_view flag, absl::string_view found,
                           absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat(flag, ": found ", found, ", expected ", expected));
}

absl::Status CheckDates(absl::string_view flag, const X509* certificate, absl::Time now) {
  const time_t at = absl::ToTimeT(now);
  if (ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate), at) < 0) {
    return BadCredential(flag, "a certificate that has expired", "one that is valid now");
  }
  if (ASN1_TIME_cmp_time_t(X509_get0_notBefore(certificate), at) > 0) {
    return BadCredential(flag, "a certificate that is not valid yet", "one that is valid now");
  }
  return absl::OkStatus();
}

std::string HostOf(const std::string& address) {
  absl::string_view host = absl::string_view(address).substr(0, address.rfind(':'));
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return std::string(host);
}

}  // namespace

absl::Status CheckTlsIdentity(const TlsIdentity& tls, absl::Time now) {
  const auto roots = ReadCertificates(tls.ca);
  if (roots.empty())
    return BadCredential("--tls-ca", "no certificate", "a PEM file of authorities");
  for (const CertificatePtr& root : roots) {
    DRUMFIRE_RETURN_IF_ERROR(CheckDates("--tls-ca", root.get(), now));
  }
  const auto chain = ReadCertificates(tls.certificate);
  if (chain.empty()) return BadCredential("--tls-cert", "no certificate", "a PEM file");
  DRUMFIRE_RETURN_IF_ERROR(CheckDates("--tls-cert", chain.front().get(), now));
  const KeyPtr key = ReadKey(tls.key);
  if (key == nullptr)
    return BadCredential("--tls-key", "no private key", "a PEM file without passphrase");
  if (X509_check_private_key(chain.front().get(), key.get()) != 1) {
    return BadCredential("--tls-key", "a key of another certificate", "the key of --tls-cert");
  }
  return absl::OkStatus();
}

bool IsLocalAddress(const std::string& address) {
  if (absl::StartsWith(address, "unix:")) return true;
  const std::string host = HostOf(address);
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == kLoopbackNet;
  if (inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return host == "localhost";
}

}  // namespace drumfire

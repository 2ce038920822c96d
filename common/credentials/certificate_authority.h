// A small certificate authority for test fleets: P-256 keys, made in memory, signed with SHA-256.
// Nothing is written. One thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/credentials/x509.h"

namespace drumfire {

struct Validity {
  absl::Time from;
  absl::Time until;
};

enum class CertificateUse { kServer, kClient };

struct IssuedCertificate {
  std::string certificate_pem;
  std::string key_pem;
};

class CertificateAuthority {
 public:
  static absl::StatusOr<CertificateAuthority> Create(const std::string& name,
                                                     const Validity& validity);

  // Loads an existing authority. certificates_pem may contain other authorities; the one that
  // matches the key is used. FailedPrecondition: "found ..., expected ...".
  static absl::StatusOr<CertificateAuthority> Load(absl::string_view certificates_pem,
                                                   absl::string_view key_pem);

  std::string pem() const { return ToPem(certificate_.get()); }
  std::string key_pem() const { return ToPem(key_.get()); }
  absl::Time end() const { return EndOf(certificate_.get()); }
  // hosts: names ("*.x.y" too) and addresses the certificate is for; see IsCertificateHost.
  absl::StatusOr<IssuedCertificate> Issue(const std::string& name, CertificateUse use,
                                          const std::vector<std::string>& hosts,
                                          const Validity& validity) const;

 private:
  CertificateAuthority(CertificatePtr certificate, KeyPtr key)
      : certificate_(std::move(certificate)), key_(std::move(key)) {}

  CertificatePtr certificate_;
  KeyPtr key_;
};

// A DNS name, optionally with "*" as its first label followed by at least two more, or an IP
// address without brackets.
bool IsCertificateHost(absl::string_view host);

}  // namespace drumfire

// OpenSSL's certificates and keys with owners, and to and from PEM. Any thread.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace drumfire {

struct OpenSslDelete {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using CertificatePtr = std::unique_ptr<X509, OpenSslDelete>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslDelete>;

// All certificates of a PEM text in their order; empty when there is none or one is damaged.
std::vector<CertificatePtr> ReadCertificates(absl::string_view pem);
// The first private key, which must not be encrypted; null when there is none.
KeyPtr ReadKey(absl::string_view pem);

// The first and the last second in which it is valid.
absl::Time StartOf(const X509* certificate);
absl::Time EndOf(const X509* certificate);
// The DNS names and IP addresses that it is for (subjectAltName).
std::vector<std::string> HostsOf(const X509* certificate);

std::string ToPem(X509* certificate);
std::string ToPem(EVP_PKEY* key);

}  // namespace drumfire

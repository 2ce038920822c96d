// RAII types for OpenSSL's certificates and keys, and conversion to and from PEM. Any thread.
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

// All certificates of a PEM text in order; empty if there are none or one is damaged.
std::vector<CertificatePtr> ReadCertificates(absl::string_view pem);
// The first private key, which must not be encrypted; null if there is none.
KeyPtr ReadKey(absl::string_view pem);

// The first and the last second of its validity.
absl::Time StartOf(const X509* certificate);
absl::Time EndOf(const X509* certificate);
// Its DNS names and IP addresses (subjectAltName).
std::vector<std::string> HostsOf(const X509* certificate);

std::string ToPem(X509* certificate);
std::string ToPem(EVP_PKEY* key);

}  // namespace drumfire

#include "common/credentials/certificate_authority.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace drumfire {
namespace {

constexpr int kVersion3 = 2;
constexpr size_t kSerialBytes = 16;
constexpr size_t kLongestHost = 253;

absl::Status OpenSslError(absl::string_view what) {
  char text[256];
  ERR_error_string_n(ERR_get_error(), text, sizeof(text));
  ERR_clear_error();
  return absl::InternalError(absl::StrCat("cannot ", what, ": ", text));
}

bool IsAddress(absl::string_view host) {
  const std::string text(host);
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

// RFC 5280: positive and never repeated.
bool SetSerial(X509* certificate) {
  unsigned char bytes[kSerialBytes];
  if (RAND_bytes(bytes, sizeof(bytes)) != 1) return false;
  bytes[0] = (bytes[0] & 0x7f) | 0x40;
  BIGNUM* number = BN_bin2bn(bytes, sizeof(bytes), nullptr);
  const bool ok = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return ok;
}

bool AddExtension(int nid, const std::string& value, X509* issuer, X509* certificate) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  const bool ok = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return ok;
}

// Names, dates and key: all but extensions and signature.
CertificatePtr MakeUnsigned(const std::string& name, const Validity& validity, EVP_PKEY* key) {
  CertificatePtr certificate(X509_new());
  if (certificate == nullptr) return nullptr;
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  const bool ok =
      X509_set_version(certificate.get(), kVersion3) == 1 && SetSerial(certificate.get()) &&
      X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1 &&
      ASN1_TIME_set(X509_getm_notBefore(certificate.get()), absl::ToTimeT(validity.from)) &&
      ASN1_TIME_set(X509_getm_notAfter(certificate.get()), absl::ToTimeT(validity.until)) &&
      X509_set_pubkey(certificate.get(), key) == 1;
  return ok ? std::move(certificate) : nullptr;
}

bool Sign(X509* issuer, EVP_PKEY* issuer_key, X509* certificate) {
  return X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
         AddExtension(NID_authority_key_identifier, "keyid", issuer, certificate) &&
         X509_sign(certificate, issuer_key, EVP_sha256()) > 0;
}

// subjectAltName as OpenSSL reads it.
std::string AlternativeNames(const std::vector<std::string>& hosts) {
  return absl::StrJoin(hosts, ",", [](std::string* out, const std::string& host) {
    absl::StrAppend(out, IsAddress(host) ? "IP:" : "DNS:", host);
  });
}

bool IsLabel(absl::string_view label) {
  return !label.empty() && std::all_of(label.begin(), label.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '_';
  });
}

}  // namespace

bool IsCertificateHost(absl::string_view host) {
  if (IsAddress(host)) return true;
  if (host.size() > kLongestHost) return false;
  // TLS libraries reject a wildcard for a whole top-level domain.
  if (absl::ConsumePrefix(&host, "*.") && !absl::StrContains(host, '.')) return false;
  for (size_t dot = host.find('.'); dot != host.npos; dot = host.find('.')) {
    if (!IsLabel(host.substr(0, dot))) return false;
    host.remove_prefix(dot + 1);
  }
  return IsLabel(host);
}

absl::StatusOr<CertificateAuthority> CertificateAuthority::Create(const std::string& name,
                                                                  const Validity& validity) {
  KeyPtr key(EVP_EC_gen("P-256"));
  if (key == nullptr) return OpenSslError("make a key");
  CertificatePtr certificate = MakeUnsigned(name, validity, key.get());
  X509* const self = certificate.get();
  const bool ok = self != nullptr &&
                  AddExtension(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", self, self) &&
                  AddExtension(NID_key_usage, "critical,keyCertSign", self, self) &&
                  AddExtension(NID_subject_key_identifier, "hash", self, self) &&
                  Sign(self, key.get(), self);
  if (!ok) return OpenSslError("make an authority");
  return CertificateAuthority(std::move(certificate), std::move(key));
}

absl::StatusOr<CertificateAuthority> CertificateAuthority::Load(absl::string_view certificates_pem,
                                                                absl::string_view key_pem) {
  KeyPtr key = ReadKey(key_pem);
  if (key == nullptr) {
    return absl::FailedPreconditionError(
        "found no private key, expected a PEM file without passphrase");
  }
  for (CertificatePtr& certificate : ReadCertificates(certificates_pem)) {
    if (X509_check_private_key(certificate.get(), key.get()) != 1) continue;
    return CertificateAuthority(std::move(certificate), std::move(key));
  }
  ERR_clear_error();
  return absl::FailedPreconditionError(
      "found a key that matches no certificate there, expected the authority's key");
}

absl::StatusOr<IssuedCertificate> CertificateAuthority::Issue(const std::string& name,
                                                              CertificateUse use,
                                                              const std::vector<std::string>& hosts,
                                                              const Validity& validity) const {
  const KeyPtr key(EVP_EC_gen("P-256"));
  if (key == nullptr) return OpenSslError("make a key");
  const CertificatePtr certificate = MakeUnsigned(name, validity, key.get());
  X509* const issued = certificate.get();
  X509* const issuer = certificate_.get();
  const char* const purpose = use == CertificateUse::kServer ? "serverAuth" : "clientAuth";
  const bool ok = issued != nullptr &&
                  AddExtension(NID_basic_constraints, "critical,CA:FALSE", issuer, issued) &&
                  AddExtension(NID_key_usage, "critical,digitalSignature", issuer, issued) &&
                  AddExtension(NID_ext_key_usage, purpose, issuer, issued) &&
                  (hosts.empty() ||
                   AddExtension(NID_subject_alt_name, AlternativeNames(hosts), issuer, issued)) &&
                  Sign(issuer, key_.get(), issued);
  if (!ok) return OpenSslError(absl::StrCat("make a certificate for ", name));
  return IssuedCertificate{ToPem(issued), ToPem(key.get())};
}

}  // namespace drumfire

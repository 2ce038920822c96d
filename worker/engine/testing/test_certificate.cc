#include "worker/engine/testing/test_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>

namespace drumfire {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

void RequireSsl(bool ok) {
  if (!ok) std::abort();
}

template <typename Write>
std::string ToPem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
  RequireSsl(write(memory.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return std::string(data, size);
}

Key MakeKey() { return Key(EVP_EC_gen("P-256"), EVP_PKEY_free); }

void AddExtension(X509* certificate, int nid, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  RequireSsl(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

// A certificate for the key with nothing but names and dates, not signed yet.
Certificate MakeUnsigned(const char* name, EVP_PKEY* key, long serial) {
  Certificate certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

void Sign(X509* certificate, const X509* issuer, EVP_PKEY* issuer_key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  RequireSsl(X509_sign(certificate, issuer_key, EVP_sha256()) > 0);
}

}  // namespace

TestCertificate MakeTestCertificate(absl::string_view names) {
  const Key ca_key = MakeKey();
  const Certificate ca = MakeUnsigned("Drumfire test CA", ca_key.get(), 1);
  AddExtension(ca.get(), NID_basic_constraints, "critical,CA:TRUE");
  Sign(ca.get(), ca.get(), ca_key.get());

  const Key key = MakeKey();
  const Certificate server = MakeUnsigned("Drumfire test server", key.get(), 2);
  AddExtension(server.get(), NID_subject_alt_name, std::string(names));
  Sign(server.get(), ca.get(), ca_key.get());

  TestCertificate result;
  result.ca_pem = ToPem([&](BIO* out) { return PEM_write_bio_X509(out, ca.get()); });
  result.certificate_pem = ToPem([&](BIO* out) { return PEM_write_bio_X509(out, server.get()); });
  result.key_pem = ToPem([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return result;
}

}  // namespace drumfire

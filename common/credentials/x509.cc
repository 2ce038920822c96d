#include "common/credentials/x509.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <utility>

namespace drumfire {
namespace {

using BioPtr = std::unique_ptr<BIO, OpenSslDelete>;

BioPtr Reading(absl::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string TextOf(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return std::string(data, static_cast<size_t>(size));
}

// Never asks the terminal for a passphrase.
int NoPassphrase(char*, int, int, void*) { return 0; }

absl::Time TimeOf(const ASN1_TIME* time) {
  tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

// An address or a DNS name; empty for any other kind of name.
std::string HostText(const GENERAL_NAME& name) {
  if (name.type != GEN_DNS && name.type != GEN_IPADD) return "";
  const ASN1_STRING* const value = name.type == GEN_DNS ? name.d.dNSName : name.d.iPAddress;
  const auto* const bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(value));
  const auto size = static_cast<size_t>(ASN1_STRING_length(value));
  if (name.type == GEN_DNS) return std::string(bytes, size);
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(size == sizeof(in_addr) ? AF_INET : AF_INET6, bytes, text, sizeof(text));
  return text;
}

bool AtEndOfPem() { return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE; }

}  // namespace

std::vector<CertificatePtr> ReadCertificates(absl::string_view pem) {
  const BioPtr input = Reading(pem);
  std::vector<CertificatePtr> certificates;
  ERR_clear_error();
  while (X509* certificate = PEM_read_bio_X509(input.get(), nullptr, &NoPassphrase, nullptr)) {
    certificates.emplace_back(certificate);
  }
  if (!AtEndOfPem()) certificates.clear();
  ERR_clear_error();
  return certificates;
}

KeyPtr ReadKey(absl::string_view pem) {
  KeyPtr key(PEM_read_bio_PrivateKey(Reading(pem).get(), nullptr, &NoPassphrase, nullptr));
  ERR_clear_error();
  return key;
}

absl::Time StartOf(const X509* certificate) { return TimeOf(X509_get0_notBefore(certificate)); }

absl::Time EndOf(const X509* certificate) { return TimeOf(X509_get0_notAfter(certificate)); }

std::vector<std::string> HostsOf(const X509* certificate) {
  std::vector<std::string> hosts;
  auto* const names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    std::string host = HostText(*sk_GENERAL_NAME_value(names, i));
    if (!host.empty()) hosts.push_back(std::move(host));
  }
  GENERAL_NAMES_free(names);
  return hosts;
}

std::string ToPem(X509* certificate) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(memory.get(), certificate);
  return TextOf(memory.get());
}

std::string ToPem(EVP_PKEY* key) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return TextOf(memory.get());
}

}  // namespace drumfire

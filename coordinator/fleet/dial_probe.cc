#include "coordinator/fleet/dial_probe.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/credentials/x509.h"
#include "coordinator/fleet/answer_within.h"

namespace drumfire {
namespace {

// What every HTTP/2 client says first: the preface and an empty SETTINGS frame.
constexpr char kPrefaceText[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
constexpr absl::string_view kPreface(kPrefaceText, sizeof(kPrefaceText) - 1);
// The first bytes of a server's answer: a frame's length and type, or a TLS alert.
constexpr size_t kAnswerBytes = 4;
constexpr unsigned char kTlsAlert = 0x15;
constexpr unsigned char kSettings = 0x04;
constexpr unsigned char kAlpn[] = {2, 'h', '2'};

struct FreeSsl {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, FreeSsl>;
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

class ProbeSocket {
 public:
  explicit ProbeSocket(int descriptor) : descriptor_(descriptor) {}
  ~ProbeSocket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  ProbeSocket(const ProbeSocket&) = delete;
  ProbeSocket& operator=(const ProbeSocket&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

std::pair<std::string, std::string> HostAndPort(const std::string& address) {
  const size_t colon = address.rfind(':');
  absl::string_view host = absl::string_view(address).substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return {std::string(host), colon == address.npos ? "" : address.substr(colon + 1)};
}

int ConnectTo(const addrinfo& to, absl::Duration patience) {
  const int descriptor = socket(to.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  // The send timeout bounds connect as well (socket(7)).
  const timeval limit = absl::ToTimeval(patience);
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  if (connect(descriptor, to.ai_addr, to.ai_addrlen) == 0) return descriptor;
  close(descriptor);
  return -1;
}

// -1 if nothing answers.
int Dial(const std::string& host, const std::string& port, absl::Duration patience,
         const HostLookup& look_up) {
  const auto list = look_up(host, port);
  if (!list.ok()) return -1;
  for (const addrinfo* each = list->get(); each != nullptr; each = each->ai_next) {
    const int descriptor = ConnectTo(*each, patience);
    if (descriptor >= 0) return descriptor;
  }
  return -1;
}

std::string ProbePlain(int descriptor) {
  if (send(descriptor, kPreface.data(), kPreface.size(), MSG_NOSIGNAL) < 0) return "";
  unsigned char answer[kAnswerBytes];
  const ssize_t got = recv(descriptor, answer, sizeof(answer), MSG_WAITALL);
  if (got < 0) return "";
  if (got == 0 || answer[0] == kTlsAlert) {
    return "it does not accept plain text; does it require certificates (--tls-cert, --tls-key, "
           "--tls-ca)?";
  }
  if (got == kAnswerBytes && answer[3] == kSettings) return "";
  return "the program listening there is not a drumfire-worker";
}

ContextPtr MakeContext(const TlsIdentity& tls) {
  ContextPtr context(SSL_CTX_new(TLS_client_method()));
  X509_STORE* const store = SSL_CTX_get_cert_store(context.get());
  for (const CertificatePtr& root : ReadCertificates(tls.ca))
    X509_STORE_add_cert(store, root.get());
  const auto chain = ReadCertificates(tls.certificate);
  for (size_t i = 0; i < chain.size(); ++i) {
    if (i == 0) SSL_CTX_use_certificate(context.get(), chain[i].get());
    if (i > 0) SSL_CTX_add1_chain_cert(context.get(), chain[i].get());
  }
  SSL_CTX_use_PrivateKey(context.get(), ReadKey(tls.key).get());
  SSL_CTX_set_alpn_protos(context.get(), kAlpn, sizeof(kAlpn));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

void ExpectHost(const std::string& host, SSL* ssl) {
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1) return;
  SSL_set_tlsext_host_name(ssl, host.c_str());
  SSL_set1_host(ssl, host.c_str());
}

bool TimedOut(const SSL* ssl, int result) {
  const int error = SSL_get_error(ssl, result);
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

std::string LastError() {
  const unsigned long error = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(error);
  const bool says_why =
      reason != nullptr && ERR_GET_REASON(error) != SSL_R_UNEXPECTED_EOF_WHILE_READING;
  return says_why ? reason : "it closed the connection";
}

// The handshake failed before the worker had to judge us.
std::string HandshakeFault(const SSL* ssl, const std::string& host) {
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict == X509_V_OK) return absl::StrCat("TLS failed: ", LastError());
  const bool other_host =
      verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH;
  return absl::StrCat(
      "its certificate is not accepted: ",
      other_host ? absl::StrCat("it is not for ", host) : X509_verify_cert_error_string(verdict));
}

std::string ProbeTls(int descriptor, const std::string& host, const TlsIdentity& tls) {
  ERR_clear_error();
  const ContextPtr context = MakeContext(tls);
  const SslPtr ssl(SSL_new(context.get()));
  SSL_set_fd(ssl.get(), descriptor);
  ExpectHost(host, ssl.get());
  if (const int done = SSL_connect(ssl.get()); done != 1) {
    return TimedOut(ssl.get(), done) ? "" : HandshakeFault(ssl.get(), host);
  }
  // In TLS 1.3 the worker judges our certificate only after our end of the handshake.
  SSL_write(ssl.get(), kPreface.data(), static_cast<int>(kPreface.size()));
  char byte = 0;
  const int got = SSL_read(ssl.get(), &byte, 1);
  if (got == 1 || TimedOut(ssl.get(), got)) return "";
  return absl::StrCat("it does not accept our certificate: ", LastError());
}

// As ProbeWorker, but a look-up that hangs, or a worker that drips, holds it up.
std::string Probe(const WorkerAddress& address, const FleetCredentials& credentials,
                  absl::Duration patience, const HostLookup& look_up) {
  const auto [host, port] = HostAndPort(address.dial);
  const ProbeSocket connection(Dial(host, port, patience, look_up));
  if (connection.descriptor() < 0) return "";
  const std::string& name = address.tls_name.empty() ? host : address.tls_name;
  std::string fault = credentials.has_tls()
                          ? ProbeTls(connection.descriptor(), name, credentials.tls)
                          : ProbePlain(connection.descriptor());
  ERR_clear_error();
  return fault;
}

}  // namespace

std::string ProbeWorker(const WorkerAddress& address, const FleetCredentials& credentials,
                        absl::Duration patience, const HostLookup& look_up) {
  return AnswerWithin<std::string>(kMostPatiences * patience,
                                   [=] { return Probe(address, credentials, patience, look_up); })
      .value_or("");
}

}  // namespace drumfire

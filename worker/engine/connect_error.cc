#include "worker/engine/connect_error.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

bool IsOutOfResources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

v1::ErrorClass ClassOfCode(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return v1::ERROR_DNS;
    case CURLE_OPERATION_TIMEDOUT:
      return v1::ERROR_CONNECT_TIMEOUT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_INITFAILED:
      return v1::ERROR_TLS;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
      return v1::ERROR_RESET;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
      return v1::ERROR_CLIENT_LIMIT;
    default:
      return v1::ERROR_REFUSED;
  }
}

v1::ErrorClass ClassOf(const ConnectEvidence& evidence) {
  if (IsOutOfResources(evidence.socket_errno) || !evidence.descriptors_left) {
    return v1::ERROR_CLIENT_LIMIT;
  }
  if (evidence.code == CURLE_COULDNT_CONNECT) {
    if (evidence.connect_errno == EADDRNOTAVAIL) return v1::ERROR_CLIENT_LIMIT;
    if (evidence.connect_errno == ETIMEDOUT) return v1::ERROR_CONNECT_TIMEOUT;
  }
  return ClassOfCode(evidence.code);
}

}  // namespace

ConnectError ClassifyConnectError(absl::string_view address, const ConnectEvidence& evidence) {
  ConnectError error;
  error.error = ClassOf(evidence);
  absl::string_view detail = evidence.detail;
  if (detail.empty()) detail = curl_easy_strerror(evidence.code);
  if (error.error == v1::ERROR_CLIENT_LIMIT) {
    error.message =
        absl::StrCat("client limit (no descriptor or local port left) at ", address, ": ", detail);
  } else {
    error.message = absl::StrCat("connect to ", address, ": ", detail);
    if (absl::StrContains(detail, "CONNECT tunnel failed")) {
      error.message += " (by the proxy of the environment; --ignore-proxy connects directly)";
    }
  }
  return error;
}

ConnectError ConnectTimedOut(absl::string_view address) {
  ConnectEvidence evidence;
  evidence.code = CURLE_OPERATION_TIMEDOUT;
  evidence.detail = "not connected within the connect timeout";
  return ClassifyConnectError(address, evidence);
}

absl::Status NothingOpened(const ConnectError& error) {
  if (error.error == v1::ERROR_NONE) {
    return absl::DeadlineExceededError("no connection could be opened in time");
  }
  return absl::UnavailableError(error.message);
}

bool CanOpenDescriptor(int fd) {
  const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return false;
  close(copy);
  return true;
}

}  // namespace drumfire

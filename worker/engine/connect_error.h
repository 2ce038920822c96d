// Why a connection could not be made: whose fault it was, and in words.
#pragma once

#include <curl/curl.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

struct ConnectError {
  v1::ErrorClass error = v1::ERROR_NONE;
  std::string message;
};

// What is known about a connect that failed.
struct ConnectEvidence {
  CURLcode code = CURLE_OK;
  int connect_errno = 0;  // of the last connect(); 0 = none
  int socket_errno = 0;   // of a socket() that failed; 0 = none
  bool descriptors_left = true;
  absl::string_view detail;  // libcurl's words; empty = those for code
};

ConnectError ClassifyConnectError(absl::string_view address, const ConnectEvidence& evidence);

// The connect time-out is over.
ConnectError ConnectTimedOut(absl::string_view address);

// Why no connection at all could be opened ahead: the last error, or (ERROR_NONE) time ran out.
absl::Status NothingOpened(const ConnectError& error);

// Whether this process can open one more descriptor: tells our own limit from a server's failure.
// fd: any open one.
bool CanOpenDescriptor(int fd);

}  // namespace drumfire

// Explains why a connection could not be made, and whose fault it was.
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

// Facts about a failed connect.
struct ConnectEvidence {
  CURLcode code = CURLE_OK;
  int connect_errno = 0;  // of the last connect(); 0 = none
  int socket_errno = 0;   // of a socket() that failed; 0 = none
  bool descriptors_left = true;
  absl::string_view detail;  // libcurl's message; empty = its text for code
};

ConnectError ClassifyConnectError(absl::string_view address, const ConnectEvidence& evidence);

// The error for an expired connect timeout.
ConnectError ConnectTimedOut(absl::string_view address);

// The error if no connection at all could be opened ahead: the last error or, for ERROR_NONE, that
// time ran out.
absl::Status NothingOpened(const ConnectError& error);

// Whether this process can open another descriptor. Distinguishes our own limit from a server's
// failure. fd: any open one.
bool CanOpenDescriptor(int fd);

}  // namespace drumfire

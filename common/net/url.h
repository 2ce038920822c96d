// URLs of inference servers: parsing, and joining a base URL with an endpoint's path. Pure text,
// any thread.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

struct Url {
  bool https = false;
  std::string host;        // lower-case name or address; an IPv6 address has no brackets
  uint16_t port = 0;       // 80 or 443 if the text names none
  std::string path = "/";  // starts with '/', percent-encoding as given
  std::string query;       // with its '?', or empty

  // "host" or "host:port" for the Host header: brackets around IPv6, no port if it is the scheme's
  // default.
  std::string Authority() const;
  // Path and query: the target in the request line.
  std::string Target() const;
  // Whether it is this host by name; no proxy is used then.
  bool is_loopback() const;
  // The whole URL, normalized.
  std::string ToString() const;
};

// "http://host:port/path?query" and https; a missing scheme means http. A fragment is dropped. User
// names and passwords are refused (the plan is stored; credentials belong in an API key or a
// header), as are other schemes, empty hosts, ports outside 1..65535, spaces and control bytes. The
// error is one line that names the URL.
absl::StatusOr<Url> ParseUrl(absl::string_view text);

// The URL for requests to `endpoint_path` (with a leading '/'). Segments that end the base's path
// and start the endpoint's are not repeated: http://h/v1 + /v1/chat/completions =
// http://h/v1/chat/completions, and a base that ends in the whole endpoint path is used unchanged.
Url JoinEndpoint(const Url& base, absl::string_view endpoint_path);

}  // namespace drumfire

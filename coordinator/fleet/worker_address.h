// Where one worker is, and who it must be.
#pragma once

#include <string>

namespace drumfire {

struct WorkerAddress {
  // "host:port", "[v6]:port" or "unix:/path".
  std::string dial;
  // Whom the worker's certificate must name; empty = the host that is dialled.
  std::string tls_name;
};

}  // namespace drumfire

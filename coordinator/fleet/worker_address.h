// The address of a worker, and its required identity.
#pragma once

#include <string>

namespace drumfire {

struct WorkerAddress {
  // "host:port", "[v6]:port" or "unix:/path".
  std::string dial;
  // The name required in the worker's certificate; empty = the dialled host.
  std::string tls_name;
};

}  // namespace drumfire

// Names of hosts -> addresses, as the host's name services know them.
#pragma once

#include <netdb.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace drumfire {

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, FreeAddresses>;

// host and port -> addresses for TCP; port may be empty. An error in words when there is none.
// Blocks for as long as the name services like: to be called through AnswerWithin. A parameter, so
// that tests can make it hang. Any thread.
using HostLookup =
    std::function<absl::StatusOr<AddressList>(const std::string& host, const std::string& port)>;

// getaddrinfo, IPv4 and IPv6.
absl::StatusOr<AddressList> SystemLookup(const std::string& host, const std::string& port);

}  // namespace drumfire

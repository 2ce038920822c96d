// Resolves host names to addresses with the host's name services.
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

// Resolves host and port to TCP addresses; port may be empty. Returns an error message if there are
// none. Blocks without limit, so call it through AnswerWithin. It is a parameter so that tests can
// make it hang. Any thread.
using HostLookup =
    std::function<absl::StatusOr<AddressList>(const std::string& host, const std::string& port)>;

// getaddrinfo, IPv4 and IPv6.
absl::StatusOr<AddressList> SystemLookup(const std::string& host, const std::string& port);

}  // namespace drumfire

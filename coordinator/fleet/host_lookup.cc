#include "coordinator/fleet/host_lookup.h"

namespace drumfire {

absl::StatusOr<AddressList> SystemLookup(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed =
      getaddrinfo(host.c_str(), port.empty() ? nullptr : port.c_str(), &hints, &found);
  if (failed != 0) return absl::NotFoundError(gai_strerror(failed));
  return AddressList(found);
}

}  // namespace drumfire

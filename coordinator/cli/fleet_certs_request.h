// The flags of `drumfire fleet certs`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace drumfire {

struct CertsRequest {
  std::string folder;
  bool renew = false;
  std::vector<std::string> hosts;  // of the workers; empty only with renew: keeps the previous ones
  std::optional<uint64_t> days;
};

// InvalidArgument is one line that begins with the flag, or with "fleet certs: ".
absl::StatusOr<CertsRequest> ParseCertsRequest(const std::vector<std::string>& arguments);

}  // namespace drumfire

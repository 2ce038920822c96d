#include "common/host/address_space.h"

#include <sys/resource.h>

#include "absl/strings/str_cat.h"

namespace drumfire {

uint64_t AddressSpaceLimitBytes() {
  rlimit limit{};
  return getrlimit(RLIMIT_AS, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

absl::Status CheckAddressSpace(uint64_t limit_bytes) {
  if (limit_bytes >= kLeastAddressSpaceBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("the address space of this process is limited to ",
                                                 limit_bytes >> 20, " MiB (ulimit -v); at least ",
                                                 kLeastAddressSpaceBytes >> 20, " MiB are needed"));
}

}  // namespace drumfire

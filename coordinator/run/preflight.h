// Limits of the hosts that would bind a run in silence, checked before its first request.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// Below this gRPC finds no memory for its threads, and waits for them in vain.
constexpr uint64_t kLeastAddressSpaceBytes = 512 << 20;

// INVALID_ARGUMENT when this process may have less (ulimit -v). limit_bytes: RLIMIT_AS.
absl::Status CheckAddressSpace(uint64_t limit_bytes);
uint64_t AddressSpaceLimitBytes();

struct WorkerLimits {
  std::string address;
  v1::HostLimits limits;
};

// Descriptors that a worker needs beside its connections; half of them where there are fewer than
// twice as many.
constexpr uint64_t kSpareDescriptors = 128;

// INVALID_ARGUMENT names worker, limit, what is asked and the highest concurrency that is safe.
// Limits that are 0 (not known) are not judged.
absl::Status CheckLimits(const v1::Plan& plan, const std::vector<WorkerLimits>& workers);

}  // namespace drumfire

// Limits of the hosts that would bind a run in silence, checked before its first request.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

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

// Checks that a plan can be run. The coordinator calls it before anything starts, and every worker
// before it sends Ready, so that neither trusts the other.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "common/clock/clock.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// Limits of a plan: wide enough for any real run, and narrow enough that no sum of two of them
// overflows.
namespace plan_limits {
constexpr int kMaxUrls = 4096;
constexpr int kMaxModels = 1024;
constexpr int kMaxHeaders = 256;
constexpr int kMaxPhases = 64;
constexpr uint32_t kMaxConcurrency = 10'000'000;
constexpr double kMaxRequestRate = 1e8;  // requests per second
constexpr double kMinRequestRate = 1e-6;
constexpr double kMaxSmoothness = 1e6;
constexpr double kMinSmoothness = 1e-3;
constexpr uint64_t kMaxRequestCount = 1'000'000'000'000;
constexpr uint64_t kMaxEntries = 1'000'000'000;
constexpr double kMaxSequenceTokens = 16'777'216;
constexpr double kMaxRequestTokens = 16'777'216;  // of all texts in one body
constexpr size_t kMaxRequestBytes = 256 << 20;    // of all texts in one body
constexpr double kMaxTurns = 65'536;              // of a conversation
constexpr uint32_t kMaxBlockSize = 1 << 20;
constexpr uint32_t kMaxBatchSize = 4096;
constexpr size_t kMaxTextBytes = 1 << 20;   // of a URL, model, header, extra inputs
constexpr size_t kMaxHeadBytes = 64 << 20;  // of all headers over all URLs
constexpr uint64_t kMaxTokenizerBytes = 256 << 20;
constexpr int64_t kMaxTimeNs = int64_t{366} * 24 * 3600 * kNsPerSecond;  // a year
}  // namespace plan_limits

// OK, or InvalidArgument "<field>: found X, expected Y" for the first field that is wrong. Pure;
// any thread.
absl::Status ValidatePlan(const v1::Plan& plan);

}  // namespace drumfire

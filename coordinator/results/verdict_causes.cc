// Causes on the worker's host, strongest evidence first.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/results/judgement.h"

namespace drumfire {
namespace {

using namespace verdict_bounds;

enum class HostCause { kQuota, kSteal, kOwnLoad, kOthers, kBusyLoop, kUnknown };

HostCause HostCauseOf(const VerdictInputs& in) {
  if (in.throttled_share > kSuspectThrottledShare) return HostCause::kQuota;
  if (in.stolen_cpu_share > kNamedStolenShare) return HostCause::kSteal;
  if (in.cpu_share > kSuspectCpuShare) return HostCause::kOwnLoad;
  const double used_share = in.cpu_share + in.other_cpu_share;
  // One busy core is enough where the worker shares it.
  if (used_share > kBusyHostShare || in.other_cpu_cores >= kBusyHostShare)
    return HostCause::kOthers;
  return in.loop_stalls > 0 ? HostCause::kBusyLoop : HostCause::kUnknown;
}

}  // namespace

std::string OwnCause(const VerdictInputs& in) {
  switch (HostCauseOf(in)) {
    case HostCause::kQuota:
      return absl::StrFormat("its CPU quota stopped a worker for %.1f %% of the time",
                             100 * in.throttled_share);
    case HostCause::kSteal:
      return absl::StrFormat("the hypervisor took %.1f %% of the CPU of a worker's host",
                             100 * in.stolen_cpu_share);
    case HostCause::kOwnLoad:
      return absl::StrFormat("a worker used %.0f %% of its CPU allowance", 100 * in.cpu_share);
    case HostCause::kOthers:
      return absl::StrFormat("other processes used %.1f cores of a worker's host",
                             in.other_cpu_cores);
    case HostCause::kBusyLoop:
      return "an I/O loop had work for over 10 ms at a time: too many requests for one worker, or "
             "it was stopped in the middle";
    case HostCause::kUnknown:
      break;
  }
  return "a worker stalled, and its host shows no CPU shortage (a stopped process, or slow "
         "I/O)";
}

std::string OwnCure(const VerdictInputs& in) {
  switch (HostCauseOf(in)) {
    case HostCause::kQuota:
      return "a higher CPU quota for the worker (cpu.max, or the limit of its pod)";
    case HostCause::kSteal:
      return "a host whose CPUs are not shared with other virtual machines";
    case HostCause::kOwnLoad:
    case HostCause::kBusyLoop:
      return "more workers (--workers), or fewer requests per worker";
    case HostCause::kOthers:
      return "give the worker its own host, or at least its own core (taskset)";
    case HostCause::kUnknown:
      break;
  }
  return "run again on a host where nothing stops the worker";
}

std::string SegmentLossText(const VerdictInputs& in) {
  if (in.lossy_requests == 0) return "";
  return absl::StrCat("; TCP lost or reordered segments of ", in.lossy_requests, " requests");
}

}  // namespace drumfire

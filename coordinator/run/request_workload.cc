#include "coordinator/run/request_workload.h"

#include "common/plan/blob.h"

namespace drumfire {

absl::StatusOr<std::shared_ptr<const Workload>> WorkloadOf(const ProfileRequest& request) {
  return MakeWorkload(request.plan, request.secrets,
                      [&](const v1::Blob& blob) { return AssembleBlob(blob, request.chunks); });
}

}  // namespace drumfire

#include "coordinator/cli/worker_flags.h"

#include <utility>

#include "common/credentials/fleet_credentials.h"

namespace drumfire {

WorkerList ReadWorkerFlags(FlagReader* flags, const ProfileInputs& inputs) {
  if (!flags->Has("--workers")) return {};
  const auto read = [&inputs](const std::string& path) { return inputs.ReadFile(path); };
  absl::StatusOr<WorkerList> list = ParseWorkerList(flags->values().List("--workers"), read);
  if (list.ok()) return *std::move(list);
  flags->Fail(list.status());
  return {};
}

uint32_t ReadWorkerCount(FlagReader* flags) {
  flags->Require("--worker-count", "--workers");
  return static_cast<uint32_t>(flags->Count("--worker-count", 1, kMaxWorkers, 0));
}

bool IsLocal(const WorkerSource& source) {
  switch (source.kind) {
    case WorkerSource::Kind::kAddress:
      return IsLocalAddress(source.text);
    case WorkerSource::Kind::kDnsName:
      return source.text == "localhost";
    default:
      return false;
  }
}

}  // namespace drumfire

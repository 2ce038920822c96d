#include "worker/session/process_resources.h"

#include <utility>

#include "common/endpoint/request_secrets.h"
#include "common/host/core_dumps.h"
#include "common/plan/version.h"
#include "worker/engine/target.h"
#include "worker/health/host_limits.h"
#include "worker/sink/zmq_record_link.h"

namespace drumfire {

absl::StatusOr<v1::Ready> ProcessResources::Describe(const v1::Plan& plan) {
  v1::Ready ready;
  ready.set_version(std::string(kVersion));
  *ready.mutable_limits() = ReadHostLimits();
  ready.set_engine(plan.engine().kind() == v1::ENGINE_CURL ? "curl" : "native");
  for (std::string& proxy : ShownProxies(plan)) ready.add_url_proxies(std::move(proxy));
  return ready;
}

absl::StatusOr<std::unique_ptr<RecordLink>> ProcessResources::OpenRecordLink(
    const v1::Hello& hello) {
  return ZmqRecordLink::Create({records_bind_, hello.records_client_key()}, clock_);
}

absl::StatusOr<std::unique_ptr<Engine>> ProcessResources::MakeEngine(const v1::Plan& plan,
                                                                     EngineOwner* owner) {
  return drumfire::MakeEngine(plan, clock_, owner);
}

// What this run does not want goes, so that the store does not grow from run to run.
std::vector<std::string> ProcessResources::MissingChunks(const v1::Plan& plan) {
  const std::vector<std::string> wanted = WantedChunks(plan);
  chunks_.Trim(wanted);
  return chunks_.Missing(wanted);
}

absl::Status ProcessResources::AddChunk(const v1::Chunk& chunk) {
  return chunks_.Add(chunk.sha256(), chunk.data());
}

absl::StatusOr<std::shared_ptr<const Workload>> ProcessResources::LoadWorkload(
    const v1::Hello& hello) {
  if (HasSecrets(hello.secrets())) LeaveMemoryOutOfCoreDumps();
  return MakeWorkload(hello.plan(), hello.secrets(),
                      [this](const v1::Blob& blob) { return chunks_.Assemble(blob); });
}

}  // namespace drumfire

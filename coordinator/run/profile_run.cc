#include "coordinator/run/profile_run.h"

#include <filesystem>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/host/host_id.h"
#include "common/plan/digest.h"
#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "common/random/random_id.h"
#include "common/status/status_macros.h"
#include "coordinator/fleet/grpc_links.h"
#include "coordinator/fleet/owner.h"
#include "coordinator/run/aside_stage.h"
#include "coordinator/run/find_workers.h"
#include "coordinator/run/fleet_facts.h"
#include "coordinator/run/preflight.h"
#include "coordinator/run/request_workload.h"
#include "coordinator/run/run_directory.h"

namespace drumfire {
ProfileRun::ProfileRun(const ProfileRequest& request, const RunContext& context, const Clock& clock)
    : request_(request),
      context_(context),
      clock_(clock),
      run_id_(RandomId()),
      plan_hash_(PlanHash(request.plan)),
      threads_(clock) {}

absl::StatusOr<FleetOptions> ProfileRun::MakeFleetOptions(const FoundWorkers& workers) {
  FleetOptions options;
  for (const WorkerAddress& worker : workers.workers) options.addresses.push_back(worker.dial);
  options.same_host = workers.local != nullptr;
  options.host_id = HostId();
  options.plan = request_.plan;
  options.plan_hash = plan_hash_;
  options.run_id = run_id_;
  options.owner = OwnerName();
  DRUMFIRE_ASSIGN_OR_RETURN(record_keys_, MakeLinkKeys());
  options.records_client_key = record_keys_.public_key;
  options.secrets = request_.secrets;
  if (request_.lease_ns > 0) options.lease_ns = request_.lease_ns;
  if (request_.ready_timeout_ns > 0) {
    options.ready_timeout = absl::Nanoseconds(request_.ready_timeout_ns);
  }
  options.record_buffer_bytes = request_.record_buffer_bytes;
  // Local ones end with their stream.
  options.redial_lost =
      workers.local == nullptr && request_.plan.loss().action() == v1::LOSS_CONTINUE;
  return options;
}

absl::StatusOr<const FoundWorkers*> ProfileRun::Workers() {
  if (context_.workers != nullptr) return context_.workers;
  DRUMFIRE_ASSIGN_OR_RETURN(auto found,
                            FindWorkers(
                                request_, [this] { return IsStopped(); }, context_.worker_log,
                                LocalFleet::Serves::kOneRun, clock_));
  return &own_workers_.emplace(std::move(found));
}

absl::Status ProfileRun::Connect() {
  const auto workers = Workers();
  if (!workers.ok()) return workers.status();
  DRUMFIRE_ASSIGN_OR_RETURN(auto options, MakeFleetOptions(**workers));
  auto links = std::make_unique<GrpcLinks>((*workers)->workers, request_.credentials);
  fleet_ = std::make_unique<Fleet>(std::move(options), std::move(links), &request_.chunks, clock_);
  run_.emplace(
      RunController::Parts{request_.plan, fleet_.get(), context_.stop, clock_, context_.listener});
  // Our own copy of the data set is made while the workers make theirs.
  auto loading = std::async(std::launch::async, [this] { return Load(); });
  const absl::Status connected = ConnectFleet();
  gave_up_ = !connected.ok();
  auto loaded = Await(&loading);
  if (!connected.ok()) return connected;
  if (IsStopped()) return absl::CancelledError("stopped before the start");
  if (!loaded.ok()) return loaded.status();
  workload_ = std::move(loaded->workload);
  manifest_ = MakeManifest();
  DRUMFIRE_RETURN_IF_ERROR(CheckFleet());
  return run_->Prepare(workload_->dataset.get(), std::move(loaded->totals));
}

absl::Status ProfileRun::ConnectFleet() {
  const absl::Status connected = run_->Connect();
  if (connected.ok()) return connected;
  if (own_workers_.has_value() && own_workers_->local != nullptr) own_workers_->local->GiveUpRun();
  if (absl::IsCancelled(connected)) return connected;
  const char* where = request_.worker_list.empty() ? "local workers: " : "--workers: ";
  return absl::InvalidArgumentError(absl::StrCat(where, connected.message()));
}

absl::StatusOr<ProfileRun::Loaded> ProfileRun::Load() const {
  Loaded loaded;
  DRUMFIRE_ASSIGN_OR_RETURN(loaded.workload, WorkloadOf(request_));
  loaded.totals = TotalsOfPhases(request_.plan, loaded.workload->dataset.get(),
                                 [this] { return gave_up_ || IsStopped(); });
  return loaded;
}

// The workers' heartbeats are answered meanwhile.
absl::StatusOr<ProfileRun::Loaded> ProfileRun::Await(std::future<absl::StatusOr<Loaded>>* loading) {
  AsideStage stage([loading] { loading->wait(); }, fleet_.get(), &threads_);
  Drive(&stage, fleet_.get(), clock_);
  return loading->get();
}

absl::Status ProfileRun::CheckFleet() const {
  std::vector<WorkerLimits> workers;
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    const Member& member = fleet_->member(worker);
    workers.push_back({member.address(), member.ready.limits()});
  }
  return CheckLimits(request_.plan, workers);
}

v1::RunManifest ProfileRun::MakeManifest() const {
  v1::RunManifest manifest;
  manifest.set_version(std::string(kVersion));
  manifest.set_run_id(run_id_);
  *manifest.mutable_plan() = request_.plan;
  manifest.set_cli_command(request_.cli_command);
  for (const std::string& note : request_.notes) manifest.add_notes(note);
  for (const std::string& note : ConsistencyNotes(*fleet_, clock_.MonotonicNs())) {
    manifest.add_notes(note);
  }
  for (const std::string& note : ProxyNotes(request_.plan, *fleet_)) manifest.add_notes(note);
  manifest.set_export_prefix(request_.export_prefix);
  manifest.set_export_records(request_.export_level == ExportLevel::kRecords);
  manifest.set_workers(fleet_->size());
  return manifest;
}

absl::Status ProfileRun::OpenFolder() {
  DRUMFIRE_RETURN_IF_ERROR(MakeRunDirectory(request_.artifact_dir));
  DRUMFIRE_ASSIGN_OR_RETURN(folder_lock_, FolderLock::Take(request_.artifact_dir));
  DRUMFIRE_RETURN_IF_ERROR(CheckRoom(request_.artifact_dir));
  if (request_.overwrite) RemoveResults(request_.artifact_dir);
  DRUMFIRE_ASSIGN_OR_RETURN(records_, OpenRunRecords(request_.artifact_dir, plan_hash_, manifest_,
                                                     record_keys_, &threads_));
  return absl::OkStatus();
}

absl::Status ProfileRun::OpenFolderBesideHeartbeats() {
  absl::Status opened;
  AsideStage stage([&] { opened = OpenFolder(); }, fleet_.get(), &threads_);
  Drive(&stage, fleet_.get(), clock_);
  return opened;
}

absl::StatusOr<RunResult> ProfileRun::Execute() {
  if (const absl::Status opened = OpenFolderBesideHeartbeats(); !opened.ok()) {
    // Nothing was sent yet; remove() takes an empty folder only, which must not be another run's.
    std::error_code ignored;
    if (folder_lock_.has_value()) std::filesystem::remove(request_.artifact_dir, ignored);
    return absl::InvalidArgumentError(absl::StrCat("--artifact-dir: ", opened.message()));
  }
  return run_->Run(records_.get());
}

}  // namespace drumfire

// One run from its request: finds the workers, opens the folder, makes the links, and has a
// RunController take the plan through its phases on them.
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/endpoint/workload.h"
#include "common/loop/loop_thread.h"
#include "common/record/link_keys.h"
#include "coordinator/fleet/fleet.h"
#include "coordinator/run/find_workers.h"
#include "coordinator/run/folder_lock.h"
#include "coordinator/run/profile_request.h"
#include "coordinator/run/run_controller.h"
#include "coordinator/run/run_profile.h"
#include "coordinator/run/run_records.h"

namespace drumfire {

class ProfileRun {
 public:
  // Nothing is owned; all must outlive the run.
  ProfileRun(const ProfileRequest& request, const RunContext& context, const Clock& clock);

  // Finds or starts the workers unless the context gives them, dials them, loads everything, checks
  // limits and targets. Nothing is sent or written.
  absl::Status Connect();
  // Makes the folder with manifest and journal, runs all phases, closes the journal. No disk keeps
  // heartbeats from being answered.
  absl::StatusOr<RunResult> Execute();
  // After Connect.
  const v1::RunManifest& manifest() const { return manifest_; }
  const RequestBuilder& builder() const { return *workload_->builder; }

 private:
  bool IsStopped() const { return context_.stop->count() > 0; }
  struct Loaded {
    std::shared_ptr<const Workload> workload;
    std::vector<PhaseTotals> totals;
  };

  absl::StatusOr<const FoundWorkers*> Workers();
  absl::StatusOr<Loaded> Load() const;
  absl::StatusOr<Loaded> Await(std::future<absl::StatusOr<Loaded>>* loading);
  absl::Status ConnectFleet();
  absl::StatusOr<FleetOptions> MakeFleetOptions(const FoundWorkers& workers);
  absl::Status CheckFleet() const;
  v1::RunManifest MakeManifest() const;
  absl::Status OpenFolder();
  absl::Status OpenFolderBesideHeartbeats();

  const ProfileRequest& request_;
  const RunContext context_;
  const Clock& clock_;
  const std::string run_id_;
  const std::string plan_hash_;
  LinkKeys record_keys_;
  std::optional<FolderLock> folder_lock_;
  LoopThreads threads_;

  // The streams end before the workers of this run are waited for, and nothing is recorded after
  // them.
  std::optional<FoundWorkers> own_workers_;
  std::unique_ptr<Fleet> fleet_;
  std::unique_ptr<RunRecords> records_;
  std::shared_ptr<const Workload> workload_;
  std::atomic<bool> gave_up_ = false;  // nobody wants what is still being loaded
  std::optional<RunController> run_;
  v1::RunManifest manifest_;
};

}  // namespace drumfire

#include "coordinator/run/profile_run.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/host/host_id.h"
#include "common/plan/digest.h"
#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "common/random/random_id.h"
#include "coordinator/fleet/grpc_links.h"
#include "coordinator/fleet/owner.h"
#include "coordinator/run/find_workers.h"
#include "coordinator/run/fleet_facts.h"
#include "coordinator/run/phase_totals.h"
#include "coordinator/run/preflight.h"
#include "coordinator/run/progress_snapshot.h"
#include "coordinator/run/run_directory.h"

namespace drumfire {
namespace {

// A wall clock further off its monotonic clock than at the start has been stepped.
constexpr int64_t kClockStepNs = 100 * kNsPerMs;

ProgressLine::Options ProgressOptions(UiMode ui) {
  ProgressLine::Options options;
  options.style = ui == UiMode::kNone ? ProgressStyle::kNone : StyleFor(STDERR_FILENO);
  if (options.style == ProgressStyle::kRedrawn) {
    options.interval_ns = kRedrawIntervalNs;
    options.width = TerminalWidth(STDERR_FILENO);
  }
  return options;
}

}  // namespace

ProfileRun::ProfileRun(const ProfileRequest& request, const StopRequests* stop, const Clock& clock)
    : request_(request),
      stop_(stop),
      clock_(clock),
      run_id_(RandomId()),
      plan_hash_(PlanHash(request.plan)),
      wall_minus_monotonic_ns_(clock.WallNs() - clock.MonotonicNs()),
      progress_(std::make_unique<ProgressLine>(
          ProgressOptions(request.ui), &clock_, [](absl::string_view text) {
            std::cerr.write(text.data(), static_cast<std::streamsize>(text.size()));
            std::cerr.flush();
          })) {
  if (progress_->is_redrawn()) screen_log_.emplace(progress_.get());
}

absl::StatusOr<ProfileRun::Workload> ProfileRun::LoadWorkload() const {
  Workload workload;
  const v1::Plan& plan = request_.plan;
  if (plan.tokenizer().kind() != v1::TOKENIZER_NONE) {
    const auto bytes = AssembleBlob(plan.tokenizer().file(), request_.chunks);
    if (!bytes.ok()) return bytes.status();
    auto tokenizer = MakeTokenizer(plan.tokenizer().kind(), *bytes);
    if (!tokenizer.ok()) return tokenizer.status();
    workload.tokenizer = *std::move(tokenizer);
  }
  const auto rows = AssembleBlob(plan.dataset().rows(), request_.chunks);
  if (!rows.ok()) return rows.status();
  auto dataset = MakeDataset(plan, *rows, workload.tokenizer.get());
  if (!dataset.ok()) return dataset.status();
  workload.dataset = *std::move(dataset);
  return workload;
}

absl::StatusOr<FleetOptions> ProfileRun::MakeFleetOptions(
    const std::vector<WorkerAddress>& workers) {
  FleetOptions options;
  for (const WorkerAddress& worker : workers) options.addresses.push_back(worker.dial);
  options.same_host = local_fleet_ != nullptr;
  options.host_id = HostId();
  options.plan = request_.plan;
  options.plan_hash = plan_hash_;
  options.run_id = run_id_;
  options.owner = OwnerName();
  auto record_keys = MakeLinkKeys();
  if (!record_keys.ok()) return record_keys.status();
  record_keys_ = *std::move(record_keys);
  options.records_client_key = record_keys_.public_key;
  options.secret_headers = request_.secret_headers;
  if (request_.lease_ns > 0) options.lease_ns = request_.lease_ns;
  if (request_.ready_timeout_ns > 0) {
    options.ready_timeout = absl::Nanoseconds(request_.ready_timeout_ns);
  }
  options.record_buffer_bytes = request_.record_buffer_bytes;
  // Local ones end with their stream.
  options.redial_lost =
      local_fleet_ == nullptr && request_.plan.loss().action() == v1::LOSS_CONTINUE;
  return options;
}

absl::Status ProfileRun::Connect() {
  const int log = screen_log_.has_value() ? screen_log_->descriptor() : STDERR_FILENO;
  auto found = FindWorkers(
      request_, [this] { return stop_->count() > 0; }, log, clock_);
  if (!found.ok()) return found.status();
  local_fleet_ = std::move(found->local);
  auto options = MakeFleetOptions(found->workers);
  if (!options.ok()) return options.status();
  auto links = std::make_unique<GrpcLinks>(found->workers, request_.credentials);
  fleet_ = std::make_unique<Fleet>(*std::move(options), std::move(links), &request_.chunks, clock_);
  // Our own copy of the data set is made while the workers make theirs.
  auto loading = std::async(std::launch::async, [this] { return LoadWorkload(); });
  const absl::Status connected = fleet_->Connect([this] { return stop_->count() > 0; });
  auto workload = loading.get();
  if (absl::IsCancelled(connected)) return connected;
  if (!connected.ok()) {
    const char* where = request_.worker_list.empty() ? "local workers: " : "--workers: ";
    return absl::InvalidArgumentError(absl::StrCat(where, connected.message()));
  }
  if (!workload.ok()) return workload.status();
  workload_ = *std::move(workload);
  manifest_ = MakeManifest();
  if (absl::Status checked = CheckFleet(); !checked.ok()) return checked;
  return PreparePhase(0);
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
  if (absl::Status made = MakeRunDirectory(request_.artifact_dir); !made.ok()) return made;
  if (absl::Status room = CheckRoom(request_.artifact_dir); !room.ok()) return room;
  if (request_.overwrite) RemoveResults(request_.artifact_dir);
  auto records = RunRecords::Create(request_.artifact_dir, plan_hash_, manifest_, record_keys_);
  if (!records.ok()) return records.status();
  records_ = *std::move(records);
  return absl::OkStatus();
}

absl::Status ProfileRun::CheckNobodyLost() const {
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    const Member& member = fleet_->member(worker);
    if (!member.lost) continue;
    return absl::UnavailableError(
        absl::StrCat("worker ", member.address(), " lost: ", member.lost_reason));
  }
  return absl::OkStatus();
}

absl::StatusOr<RunResult> ProfileRun::Execute() {
  if (const absl::Status opened = OpenFolder(); !opened.ok()) {
    // Nothing was sent yet; remove() takes an empty folder only.
    std::error_code ignored;
    std::filesystem::remove(request_.artifact_dir, ignored);
    return absl::InvalidArgumentError(absl::StrCat("--artifact-dir: ", opened.message()));
  }
  if (absl::Status connected = ConnectRecords(); !connected.ok()) return connected;
  for (int phase = 0; phase < request_.plan.phases_size(); ++phase) {
    if (phase > 0) PrepareNext(static_cast<uint32_t>(phase));
    if (!end_.early_end().empty()) break;
    RunPhase();
  }
  return Close();
}

// Records are there by now: what goes wrong here ends the run early, with a report of what it has.
void ProfileRun::PrepareNext(uint32_t phase) {
  if (!end_.early_end().empty()) return;
  end_.set_early_end(LossThatEndsRun(request_.plan, *fleet_));
  if (!end_.early_end().empty()) return;
  LinkRejoiningWorkers();
  const absl::Status prepared = PreparePhase(phase);
  if (!prepared.ok()) end_.set_early_end(std::string(prepared.message()));
}

absl::Status ProfileRun::PreparePhase(uint32_t phase) {
  PhaseObserver* const observer = this;
  runner_ = std::make_unique<PhaseRunner>(request_.plan, phase, workload_.dataset.get(),
                                          fleet_.get(), stop_, observer, clock_);
  return runner_->Prepare();
}

void ProfileRun::RunPhase() {
  const PhaseOutcome outcome = runner_->Run();
  ProgressSnapshot snapshot = MakeSnapshot(request_.plan, outcome, clock_.MonotonicNs());
  records_->AddFiguresSoFar(outcome.phase, &snapshot);
  progress_->EndPhase(snapshot);
  CollectRecords(outcome);
  WriteClosingTotals(outcome);
}

void ProfileRun::WriteClosingTotals(const PhaseOutcome& outcome) {
  for (uint32_t worker = 0; worker < outcome.workers.size(); ++worker) {
    const WorkerPhase& state = outcome.workers[worker];
    if (!state.participates) continue;
    took_part_.insert(worker);
    records_->Add(ClosingTotalsOf(*fleet_, outcome, worker));
    if (state.share_reclaimed) NoteReclaimed(worker, state);
  }
  *end_.add_phases() = EndOf(outcome);
  end_.set_early_end(outcome.early_end);
}

void ProfileRun::NoteReclaimed(uint32_t worker, const WorkerPhase& state) {
  const Member& member = fleet_->member(worker);
  end_.add_notes(absl::StrCat("Worker ", member.address(), " was lost (", member.lost_reason,
                              "): ", state.credits_reclaimed,
                              " requests that it had not sent went to the other workers."));
}

// Who came back and took part in no phase has no line in the report.
void ProfileRun::NoteIdleReturns() {
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    const Member& member = fleet_->member(worker);
    if (!member.present() || member.returns == 0 || took_part_.contains(worker)) continue;
    end_.add_notes(absl::StrCat("Worker ", member.address(),
                                " came back and took no part: no phase began after that, or there "
                                "was no room for it in one that ran (see --elastic)."));
  }
}

RunResult ProfileRun::Close() {
  NoteIdleReturns();
  fleet_->ProbeOnceMore();
  if (fleet_->refused_messages() > 0) {
    end_.add_notes(absl::StrCat(fleet_->refused_messages(),
                                " messages were refused: they came from workers that were lost "
                                "before."));
  }
  AddClocks(*fleet_, clock_.MonotonicNs(), &end_);
  fleet_->Finish();
  end_.set_wall_ns(clock_.WallNs());
  const int64_t offset_ns = clock_.WallNs() - clock_.MonotonicNs();
  end_.set_clock_stepped(std::abs(offset_ns - wall_minus_monotonic_ns_) > kClockStepNs);
  return records_->Close(end_);
}

void ProfileRun::OnPhaseStart(const PhaseOutcome& so_far) {
  v1::PhaseStart start = PhaseStartOf(so_far);
  for (uint32_t worker = 0; worker < so_far.workers.size(); ++worker) {
    if (!so_far.workers[worker].participates) continue;
    *start.add_workers() = WorkerStartOf(*fleet_, so_far, worker, clock_.MonotonicNs());
  }
  records_->Add(start);
}

void ProfileRun::OnJoin(const PhaseOutcome& so_far, uint32_t worker) {
  v1::PhaseStart start = PhaseStartOf(so_far);
  *start.add_workers() = WorkerStartOf(*fleet_, so_far, worker, clock_.MonotonicNs());
  records_->Add(start);
  end_.add_notes(absl::StrCat(
      "Worker ", fleet_->member(worker).address(), " came back and took part from second ",
      (clock_.MonotonicNs() - so_far.start_ns) / kNsPerSecond, " of the phase on (--elastic)."));
}

void ProfileRun::OnHistograms(uint32_t worker, const v1::IntervalHistograms& histograms) {
  if (records_ == nullptr) return;  // a phase cancelled before the start: there are none in it
  v1::WorkerHistograms message;
  message.set_worker(worker);
  *message.mutable_histograms() = histograms;
  records_->Add(message);
}

uint64_t ProfileRun::CloseRecords(uint32_t worker, uint32_t phase) {
  return records_->CloseWorker(worker, phase);
}

void ProfileRun::OnProgress(const PhaseOutcome& so_far, int64_t now_ns) {
  records_->SendAcks(fleet_.get());
  ProgressSnapshot snapshot = MakeSnapshot(request_.plan, so_far, now_ns);
  if (!progress_->IsDue(snapshot.phase)) return;
  records_->AddFiguresSoFar(so_far.phase, &snapshot);
  progress_->Update(snapshot);
}

}  // namespace drumfire

#include "coordinator/run/profile_run.h"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/plan/digest.h"
#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "coordinator/run/preflight.h"
#include "coordinator/run/progress_snapshot.h"
#include "coordinator/run/run_directory.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

constexpr uint32_t kCoresPerLocalWorker = 2;
// How long records of a phase that is over may take to arrive.
constexpr int64_t kRecordsLimitNs = 30 * kNsPerSecond;
constexpr int64_t kRecordsTurnNs = 20 * kNsPerMs;
// A wall clock further off its monotonic clock than at the start has been stepped.
constexpr int64_t kClockStepNs = 100 * kNsPerMs;

std::string NewRunId() {
  std::string id(16, '\0');
  for (size_t have = 0; have < id.size();) {
    const ssize_t got = getrandom(id.data() + have, id.size() - have, 0);
    if (got > 0) have += static_cast<size_t>(got);
  }
  return id;
}

uint32_t DefaultLocalWorkers() {
  return std::max(1u, std::thread::hardware_concurrency() / kCoresPerLocalWorker);
}

// A worker that listens on all addresses is reached by the one it was dialled at.
std::string ReachableEndpoint(const std::string& endpoint, const std::string& dialled) {
  const std::string host = dialled.substr(0, dialled.rfind(':'));
  return absl::StrReplaceAll(endpoint, {{"//0.0.0.0:", absl::StrCat("//", host, ":")},
                                        {"//[::]:", absl::StrCat("//", host, ":")}});
}

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
      run_id_(NewRunId()),
      plan_hash_(PlanHash(request.plan)),
      wall_minus_monotonic_ns_(clock.WallNs() - clock.MonotonicNs()),
      progress_(std::make_unique<ProgressLine>(
          ProgressOptions(request.ui), &clock_, [](absl::string_view text) {
            std::cerr.write(text.data(), static_cast<std::streamsize>(text.size()));
            std::cerr.flush();
          })) {}

// The streams end before the local workers are waited for, and the source before what it calls.
ProfileRun::~ProfileRun() {
  source_.reset();
  fleet_.reset();
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

absl::StatusOr<FleetOptions> ProfileRun::MakeFleetOptions() {
  FleetOptions options;
  options.addresses = request_.worker_addresses;
  if (options.addresses.empty()) {
    const auto program = FindWorkerProgram();
    if (!program.ok()) return program.status();
    const uint32_t count =
        request_.local_workers > 0 ? request_.local_workers : DefaultLocalWorkers();
    auto local = LocalFleet::Start(*program, count);
    if (!local.ok()) return local.status();
    local_fleet_ = *std::move(local);
    options.addresses = local_fleet_->addresses();
    options.same_host = true;
  }
  options.plan = request_.plan;
  options.plan_hash = plan_hash_;
  options.run_id = run_id_;
  options.secret_headers = request_.secret_headers;
  if (request_.lease_ns > 0) options.lease_ns = request_.lease_ns;
  if (request_.ready_timeout_ns > 0) {
    options.ready_timeout = absl::Nanoseconds(request_.ready_timeout_ns);
  }
  options.record_buffer_bytes = request_.record_buffer_bytes;
  return options;
}

absl::Status ProfileRun::Connect() {
  auto options = MakeFleetOptions();
  if (!options.ok()) return options.status();
  fleet_ = std::make_unique<Fleet>(*std::move(options), &request_.chunks, clock_);
  // Our own copy of the data set is made while the workers make theirs.
  auto loading = std::async(std::launch::async, [this] { return LoadWorkload(); });
  const absl::Status connected = fleet_->Connect([this] { return stop_->count() > 0; });
  auto workload = loading.get();
  if (!connected.ok()) {
    const char* where = request_.worker_addresses.empty() ? "local workers: " : "--workers: ";
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
  manifest.set_export_prefix(request_.export_prefix);
  manifest.set_export_records(request_.export_level == ExportLevel::kRecords);
  manifest.set_workers(fleet_->size());
  return manifest;
}

absl::Status ProfileRun::OpenJournal() {
  if (absl::Status made = MakeRunDirectory(request_.artifact_dir); !made.ok()) return made;
  if (request_.overwrite) unlink(JournalPath(request_.artifact_dir).c_str());
  if (absl::Status written = WriteManifest(request_.artifact_dir, manifest_); !written.ok()) {
    return written;
  }
  auto file = CreateJournalFile(JournalPath(request_.artifact_dir));
  if (!file.ok()) return file.status();
  auto journal = Journal::Create(*std::move(file), {plan_hash_, run_id_});
  if (!journal.ok()) return journal.status();
  journal_ = *std::move(journal);
  assembler_ = std::make_unique<RunAssembler>(manifest_);
  return absl::OkStatus();
}

absl::Status ProfileRun::ConnectRecords() {
  auto source = RecordSource::Create(run_id_, this, journal_.get());
  if (!source.ok()) return source.status();
  source_ = *std::move(source);
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    const Member& member = fleet_->member(worker);
    v1::WorkerFacts facts;
    facts.set_worker(worker);
    facts.set_epoch(member.epoch());
    facts.set_address(member.address());
    facts.set_version(member.ready.version());
    facts.set_engine(member.ready.engine());
    *facts.mutable_limits() = member.ready.limits();
    journal_->Append(facts);
    assembler_->OnWorkerFacts(facts);
    const absl::Status added =
        source_->AddWorker(worker, member.epoch(),
                           ReachableEndpoint(member.ready.records_endpoint(), member.address()));
    if (!added.ok()) return added;
  }
  return absl::OkStatus();
}

absl::StatusOr<RunResult> ProfileRun::Execute() {
  if (absl::Status opened = OpenJournal(); !opened.ok()) return opened;
  if (absl::Status connected = ConnectRecords(); !connected.ok()) return connected;
  for (int phase = 0; phase < request_.plan.phases_size(); ++phase) {
    if (!end_.early_end().empty()) break;
    if (phase > 0) {
      absl::Status prepared = PreparePhase(static_cast<uint32_t>(phase));
      if (!prepared.ok()) return prepared;
    }
    RunPhase();
  }
  return Close();
}

absl::Status ProfileRun::PreparePhase(uint32_t phase) {
  PhaseObserver* const observer = this;
  runner_ = std::make_unique<PhaseRunner>(request_.plan, phase, workload_.dataset.get(),
                                          fleet_.get(), stop_, observer, clock_);
  return runner_->Prepare();
}

void ProfileRun::RunPhase() {
  const PhaseOutcome outcome = runner_->Run();
  progress_->EndPhase(MakeSnapshot(request_.plan, outcome, clock_.MonotonicNs()));
  CollectRecords(outcome);
  WriteClosingTotals(outcome);
}

// Waits until the records that each worker says it made are here; what is missing then is found by
// the accounts.
void ProfileRun::CollectRecords(const PhaseOutcome& outcome) {
  const int64_t deadline_ns = clock_.MonotonicNs() + kRecordsLimitNs;
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    const WorkerPhase& state = outcome.workers[worker];
    if (!state.done.has_value()) continue;
    while (!source_->WaitFor(worker, state.done->last_batch_sequence(), kRecordsTurnNs)) {
      fleet_->Next(absl::ZeroDuration());  // heartbeats
      SendAcks();
      if (fleet_->member(worker).lost || clock_.MonotonicNs() > deadline_ns) break;
    }
  }
  SendAcks();
}

void ProfileRun::WriteClosingTotals(const PhaseOutcome& outcome) {
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    const WorkerPhase& state = outcome.workers[worker];
    if (!state.participates) continue;
    v1::WorkerPhaseDone done;
    done.set_worker(worker);
    if (state.done.has_value()) *done.mutable_done() = *state.done;
    done.mutable_done()->set_phase(outcome.phase);
    done.set_granted(state.granted);
    if (state.lost) done.set_lost_reason(fleet_->member(worker).lost_reason);
    done.set_start_late_ns(state.start_late_ns);
    journal_->Append(done);
    assembler_->OnPhaseDone(done);
  }
  v1::PhaseEnd* end = end_.add_phases();
  end->set_phase(outcome.phase);
  if (outcome.start_ns > 0) end->set_length_ns(outcome.end_ns - outcome.start_ns);
  if (outcome.total != kUnboundedCredits) end->set_total(outcome.total);
  end->set_early_end(outcome.early_end);
  end->set_interrupted(outcome.interrupted);
  end_.set_early_end(outcome.early_end);
}

RunResult ProfileRun::Close() {
  fleet_->Finish();
  source_.reset();
  end_.set_wall_ns(clock_.WallNs());
  const int64_t offset_ns = clock_.WallNs() - clock_.MonotonicNs();
  end_.set_clock_stepped(std::abs(offset_ns - wall_minus_monotonic_ns_) > kClockStepNs);
  if (const absl::Status journal = journal_->status(); !journal.ok()) {
    end_.add_notes(absl::StrCat("journal is incomplete: ", journal.message()));
  }
  const absl::Status closed = journal_->Close(end_);
  if (!closed.ok()) LOG(WARNING) << "journal: " << closed.message();
  assembler_->OnRunEnd(end_);
  return assembler_->Finish();
}

void ProfileRun::SendAcks() {
  std::map<uint32_t, uint64_t> acks;
  {
    const std::lock_guard lock(acks_mutex_);
    acks.swap(acks_);
  }
  for (const auto& [worker, sequence] : acks) {
    v1::CoordinatorMessage message;
    message.mutable_record_ack()->set_sequence(sequence);
    fleet_->Send(worker, std::move(message));
  }
}

void ProfileRun::OnBatch(const v1::RecordBatch& batch) { assembler_->OnBatch(batch); }

void ProfileRun::OnAck(uint32_t worker, uint64_t, uint64_t sequence) {
  const std::lock_guard lock(acks_mutex_);
  acks_[worker] = sequence;
}

void ProfileRun::OnPhaseStart(const PhaseOutcome& so_far) {
  v1::PhaseStart start;
  start.set_phase(so_far.phase);
  start.set_wall_ns(so_far.start_wall_ns);
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    if (!so_far.workers[worker].participates) continue;
    v1::WorkerStart* one = start.add_workers();
    one->set_worker(worker);
    one->set_start_ns(fleet_->ToWorkerClock(worker, so_far.start_ns));
    one->set_clock_offset_ns(fleet_->member(worker).clock().offset_ns);
    one->set_clock_error_ns(fleet_->member(worker).clock().bound_ns);
  }
  journal_->Append(start);
  assembler_->OnPhaseStart(start);
}

void ProfileRun::OnHistograms(uint32_t worker, const v1::IntervalHistograms& histograms) {
  v1::WorkerHistograms message;
  message.set_worker(worker);
  *message.mutable_histograms() = histograms;
  journal_->Append(message);
  assembler_->OnHistograms(message);
}

void ProfileRun::OnProgress(const PhaseOutcome& so_far, int64_t now_ns) {
  SendAcks();
  progress_->Update(MakeSnapshot(request_.plan, so_far, now_ns));
}

}  // namespace drumfire

#include "worker/session/worker_run.h"

#include <algorithm>
#include <utility>

#include "common/endpoint/request_secrets.h"
#include "common/plan/validate_plan.h"
#include "common/plan/version.h"
#include "common/schedule/schedule.h"
#include "common/status/status_macros.h"
#include "glog/logging.h"
#include "worker/session/phase_settings.h"

namespace drumfire {
namespace {

constexpr size_t kMaxPreparedRequests = 8192;
constexpr size_t kMaxPreparedBytes = 64 << 20;
constexpr size_t kMaxCachedBodyBytes = 64 << 20;
constexpr int64_t kReportEveryNs = 500 * kNsPerMs;
constexpr int64_t kOpenConnectionsLimitNs = 10 * kNsPerSecond;
// A phase is prepared when its first requests are made, or after so long.
constexpr int64_t kFirstRequestsLimitNs = 2 * kNsPerSecond;

// Bodies that no second request needs are not kept.
size_t CachedBodyBytes(const v1::Plan& plan, const Dataset& dataset) {
  const bool may_repeat =
      std::any_of(plan.phases().begin(), plan.phases().end(),
                  [&](const v1::Phase& phase) { return MayRepeatEntries(phase, dataset.size()); });
  return may_repeat ? kMaxCachedBodyBytes : 0;
}

}  // namespace

WorkerRun::WorkerRun(RunResources* resources, ControlEnd* end, bool log_runs)
    : resources_(resources),
      end_(end),
      clock_(resources->clock()),
      lease_(resources->request_clock()),
      log_(log_runs),
      log_runs_(log_runs),
      health_(clock_, resources->MakeUsageMeter()) {}

WorkerRun::~WorkerRun() = default;

void WorkerRun::Attach(Session* session, LoopRunner* runner) {
  session_ = session;
  runner_ = runner;
}

absl::StatusOr<v1::Ready> WorkerRun::Open(const v1::Hello& hello, uint64_t epoch) {
  if (absl::Status valid = ValidatePlan(hello.plan()); !valid.ok()) return valid;
  auto ready = resources_->Describe(hello.plan());
  if (!ready.ok()) return ready.status();
  DRUMFIRE_RETURN_IF_ERROR(CheckMemory(hello, ready->limits().free_memory_bytes()));
  auto link = resources_->OpenRecordLink(hello);
  if (!link.ok()) return link.status();
  CHECK(link_ == nullptr) << "opened twice";
  link_ = *std::move(link);
  hello_ = hello;
  epoch_ = epoch;
  OpenSender(hello);
  ready->set_protocol_version(kProtocolVersion);
  ready->set_records_endpoint(link_->endpoint());
  ready->set_records_server_key(link_->server_key());
  for (std::string& name : resources_->MissingChunks(hello.plan())) {
    ready->add_needed_chunks(name);
    missing_chunks_.insert(std::move(name));
  }
  log_.Begin(hello, clock_.MonotonicNs());
  return ready;
}

void WorkerRun::OpenSender(const v1::Hello& hello) {
  BatchSenderOptions options;
  options.run_id = hello.run_id();
  options.worker = hello.worker();
  options.epoch = epoch_;
  if (hello.record_buffer_bytes() > 0) options.buffer_bytes = hello.record_buffer_bytes();
  sender_ = std::make_unique<BatchSender>(options, link_.get(), [this] { sender_runner_->Wake(); });
  sender_runner_ = resources_->runners().Run(sender_.get(), link_->waiter());
}

absl::StatusOr<bool> WorkerRun::AddChunk(const v1::Chunk& chunk) {
  if (!missing_chunks_.contains(chunk.sha256())) {
    return absl::InvalidArgumentError("a chunk that was not asked for");
  }
  if (absl::Status added = resources_->AddChunk(chunk); !added.ok()) return added;
  missing_chunks_.erase(chunk.sha256());
  return missing_chunks_.empty();
}

absl::Status WorkerRun::Load() {
  auto workload = resources_->LoadWorkload(hello_);
  if (!workload.ok()) return workload.status();
  workload_ = *std::move(workload);
  bodies_ = std::make_unique<BodyCache>(workload_->builder.get(),
                                        CachedBodyBytes(plan(), *workload_->dataset));
  return StartLoops();
}

absl::Status WorkerRun::StartLoops() {
  auto io =
      IoLoop::Create([this](EngineOwner* owner) { return resources_->MakeEngine(plan(), owner); },
                     resources_->request_clock(), &lease_, MakeIoCallbacks());
  if (!io.ok()) return io.status();
  io_ = *std::move(io);
  RecordBuilderOptions options;
  options.secrets = SecretsIn(hello_.secrets());
  builder_ = std::make_unique<RecordBuilder>(
      plan(), workload_->tokenizer.get(), sender_.get(), [this] { builder_runner_->Wake(); },
      options);
  builder_runner_ = resources_->runners().Run(builder_.get(), nullptr);
  io_runner_ = resources_->runners().Run(io_.get(), io_.get());
  return absl::OkStatus();
}

IoCallbacks WorkerRun::MakeIoCallbacks() {
  IoCallbacks callbacks;
  callbacks.requests.on_next_turn = [this](std::unique_ptr<Exchange> next) {
    maker_->AddNext(std::move(next));
    maker_runner_->Wake();
  };
  callbacks.requests.on_record = [this](std::unique_ptr<Exchange> exchange) {
    OnRequestOver(std::move(exchange));
  };
  callbacks.on_low_credits = [this](uint64_t unsent, uint32_t free_slots) {
    runner_->PostAlways([this, unsent, free_slots] { session_->OnLowCredits(unsent, free_slots); });
  };
  callbacks.on_done = [this](const v1::CreditTotals& totals, const SlotWaits& waits) {
    ReadEngine();
    runner_->PostAlways([this, totals, waits] { OnIoDone(totals, waits); });
  };
  callbacks.on_lease_expired = [this] {
    runner_->PostAlways([this] { session_->OnLeaseExpired(); });
  };
  callbacks.on_step = [this](int64_t ready_ns, int64_t done_ns) {
    health_.OnStep(ready_ns, done_ns);
  };
  callbacks.on_tick = [this](int64_t late_ns) { health_.OnTick(late_ns); };
  return callbacks;
}

void WorkerRun::OnRequestOver(std::unique_ptr<Exchange> exchange) {
  health_.OnRecord(*exchange);
  builder_->Push(std::move(exchange));
}

void WorkerRun::Prepare(const v1::Prepare& prepare) {
  phase_ = prepare.phase();
  granted_ = 0;
  is_running_ = true;
  next_report_ns_ = clock_.MonotonicNs() + kReportEveryNs;
  BeginPhase(prepare);
  AddCredits(prepare.first_grant()).IgnoreError();  // the first range of a phase has room
  const v1::Phase& phase = plan().phases(static_cast<int>(phase_));
  OpenConnections(FirstConnections(plan(), phase, PhaseSettingsOf(plan(), prepare), granted_));
}

void WorkerRun::BeginPhase(const v1::Prepare& prepare) {
  CHECK(maker_ == nullptr) << "a phase runs";
  queue_ = std::make_unique<ReadyQueue>(
      kMaxPreparedRequests, kMaxPreparedBytes,
      ReadyQueue::Wakers{[this] { io_->Wake(); }, [this] { maker_runner_->Wake(); }});
  maker_ = std::make_unique<RequestMaker>(
      RequestMakerInputs{&workload_->plan, workload_->dataset.get(), workload_->builder.get(),
                         hello_.run_id(), phase_, io_->usage_refusal()},
      bodies_.get(), queue_.get());
  maker_runner_ = resources_->runners().Run(maker_.get(), nullptr);
  io_runner_->Post([this, settings = PhaseSettingsOf(plan(), prepare)] {
    io_->BeginPhase(settings, queue_.get());
  });
}

void WorkerRun::OpenConnections(uint32_t count) {
  io_runner_->Post([this, count] {
    const int64_t deadline_ns = clock_.MonotonicNs() + kOpenConnectionsLimitNs;
    auto opened = io_->engine().OpenConnections(count, deadline_ns);
    runner_->PostAlways([this, opened = std::move(opened)] { OnOpened(opened); });
  });
}

void WorkerRun::OnOpened(const absl::StatusOr<uint32_t>& opened) {
  if (maker_ == nullptr) return;  // closed meanwhile
  prepared_.emplace();
  if (opened.ok()) {
    prepared_->set_open_connections(*opened);
  } else {
    prepared_->set_connect_error(std::string(opened.status().message()));
  }
  prepared_by_ns_ = clock_.MonotonicNs() + kFirstRequestsLimitNs;
  maker_->WhenAhead([this] { runner_->PostAlways([this] { SendPrepared(); }); });
  maker_runner_->Wake();
}

void WorkerRun::SendPrepared() {
  if (!prepared_.has_value()) return;
  prepared_by_ns_ = kNever;
  session_->OnPrepared(*std::exchange(prepared_, std::nullopt));
}

absl::Status WorkerRun::AddCredits(const v1::Grant& grant) {
  CHECK(maker_ != nullptr) << "no phase runs";
  DRUMFIRE_RETURN_IF_ERROR(maker_->Add(grant));
  granted_ += grant.count();
  maker_runner_->Wake();
  io_runner_->Post([this, granted = granted_, final = grant.last()] {
    if (io_->dispatcher() != nullptr) io_->Granted(granted, final);
  });
  return absl::OkStatus();
}

// A phase may have ended on the I/O loop before the message came there.
void WorkerRun::OnDispatcher(std::function<void(Dispatcher*)> task) {
  io_runner_->Post([this, task = std::move(task)] {
    if (io_->dispatcher() != nullptr) task(io_->dispatcher());
  });
}

void WorkerRun::StartPhase(const v1::Start& start) {
  builder_->SetPhaseStart(phase_, start.start_ns());
  OnDispatcher([this, start_ns = start.start_ns(), joins = start.joins()](Dispatcher* dispatcher) {
    health_.BeginPhase(io_->engine().counters());
    joins ? dispatcher->Join(start_ns, resources_->request_clock().MonotonicNs())
          : dispatcher->Start(start_ns);
  });
}

void WorkerRun::SetSlots(const v1::SlotChange& change) {
  OnDispatcher([this, slots = change.slots()](Dispatcher* dispatcher) {
    dispatcher->SetSlots(slots, resources_->request_clock().MonotonicNs());
  });
}

void WorkerRun::Drain(int64_t grace_ns) {
  OnDispatcher([this, grace_ns](Dispatcher* dispatcher) {
    dispatcher->Drain(resources_->request_clock().MonotonicNs(), grace_ns);
  });
}

void WorkerRun::Cancel() {
  OnDispatcher([](Dispatcher* dispatcher) { dispatcher->Cancel(); });
}

absl::Status WorkerRun::AckRecords(uint64_t sequence) { return sender_->Ack(sequence); }

void WorkerRun::OnIoDone(const v1::CreditTotals& totals, const SlotWaits& waits) {
  if (builder_ == nullptr) return;  // closed meanwhile
  health_.SetSlotWaits(waits);
  builder_->Flush([this, totals] { runner_->PostAlways([this, totals] { FinishPhase(totals); }); });
}

void WorkerRun::FinishPhase(const v1::CreditTotals& totals) {
  if (!is_running_) return;
  is_running_ = false;
  prepared_.reset();
  next_report_ns_ = prepared_by_ns_ = kNever;
  SendHistograms(true);
  v1::PhaseDone done;
  done.set_phase(phase_);
  *done.mutable_totals() = totals;
  *done.mutable_health() = SampleHealth();
  done.set_records_made(builder_->PhaseCounters(phase_).records_made);
  done.set_last_batch_sequence(sender_->counters().last_sequence);
  done.set_bytes_sent(health_.bytes_sent());
  done.set_bytes_received(health_.bytes_received());
  maker_runner_.reset();
  maker_.reset();
  queue_.reset();
  session_->OnPhaseDone(std::move(done));
}

int64_t WorkerRun::OnTick(int64_t now_ns) {
  if (now_ns >= prepared_by_ns_) SendPrepared();
  if (is_running_ && now_ns >= next_report_ns_) {
    next_report_ns_ = now_ns + kReportEveryNs;
    RequestProgress();
    SendHistograms(false);
  }
  return std::min(prepared_by_ns_, next_report_ns_);
}

// The I/O loop.
void WorkerRun::ReadEngine() {
  health_.AddReadDelays(io_->engine().TakeReadDelays());
  health_.SetEngineCounters(io_->engine().counters());
}

void WorkerRun::RequestProgress() {
  OnDispatcher([this, phase = phase_](Dispatcher* dispatcher) {
    ReadEngine();
    v1::Progress progress;
    progress.set_phase(phase);
    *progress.mutable_totals() = dispatcher->totals();
    progress.set_lowest_unsent(dispatcher->LowestUnsent());
    progress.set_slot_changes(dispatcher->slot_changes());
    runner_->PostAlways(
        [this, progress = std::move(progress)]() mutable { SendProgress(std::move(progress)); });
  });
}

void WorkerRun::SendProgress(v1::Progress progress) {
  if (!is_running_ || progress.phase() != phase_) return;  // over or closed meanwhile
  *progress.mutable_health() = SampleHealth();
  v1::WorkerMessage message;
  *message.mutable_progress() = std::move(progress);
  session_->Send(std::move(message));
}

v1::WorkerHealth WorkerRun::SampleHealth() const {
  const RecordCounters records = builder_->PhaseCounters(phase_);
  return health_.Sample(records.records_dropped, records.tokenizer_overflows);
}

void WorkerRun::SendHistograms(bool last) {
  v1::WorkerMessage message;
  *message.mutable_histograms() = builder_->TakeIntervalHistograms(phase_, last);
  if (message.histograms().histograms_size() > 0 || last) session_->Send(std::move(message));
}

std::string WorkerRun::phase_name() const {
  return is_running_ ? plan().phases(static_cast<int>(phase_)).name() : "";
}

// The loops end in the order in which they feed each other. Requests in flight are cancelled once
// no loop runs any more that could send another.
void WorkerRun::Close(const std::string& why) {
  // Before a phase runs, the coordinator knows why it went, and says so.
  if (is_running_ && !why.empty() && !log_runs_) LOG(WARNING) << "run ended: " << why;
  is_running_ = false;
  next_report_ns_ = prepared_by_ns_ = kNever;
  prepared_.reset();
  log_.End(why, clock_.MonotonicNs());
  if (io_ != nullptr) io_->engine().GiveUpOpening();
  io_runner_.reset();
  // From here on nobody sends what the maker makes.
  if (workload_ != nullptr) *workload_->is_stopping = true;
  maker_runner_.reset();
  if (io_ != nullptr) io_->CancelPhase();
  builder_runner_.reset();
  sender_runner_.reset();
  maker_.reset();
  queue_.reset();
  io_.reset();
  builder_.reset();
  sender_.reset();
  link_.reset();
}

}  // namespace drumfire

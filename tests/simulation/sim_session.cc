#include "tests/simulation/sim_session.h"

#include <limits>
#include <utility>

namespace drumfire::simulation {
namespace {

constexpr int64_t kTickNs = 100 * kNsPerMs;
constexpr int64_t kReportEveryNs = 500 * kNsPerMs;

}  // namespace

SimSession::SimSession(const Surroundings& around, WorkerEnd* stream, int64_t load_ns)
    : around_(around),
      scenario_(*around.scenario),
      stream_(stream),
      load_ns_(load_ns),
      lease_(*around.clock),
      session_(this),
      turns_(around.world, around.is_stopped, [this] { Turn(); }) {}

SimSession::~SimSession() = default;

void SimSession::Post(std::function<void()> task) {
  tasks_.push_back(std::move(task));
  if (hello_.run_id().empty()) {
    if (load_ns_ != INT64_MAX) turns_.WakeAt(around_.world->now_ns() + load_ns_);
  } else {
    turns_.Wake();
  }
}

void SimSession::OnMessage(v1::CoordinatorMessage message) {
  Post([this, message = std::move(message)] {
    session_.OnMessage(message, around_.clock->MonotonicNs());
  });
}

void SimSession::OnStreamClosed() {
  Post([this] {
    stream_closed_ = true;
    session_.OnStreamClosed();
  });
}

void SimSession::Resume() {
  turns_.Resume();
  if (io_ != nullptr) io_->Resume();
  if (recorder_ != nullptr) recorder_->Resume();
}

void SimSession::Turn() {
  if (stream_closed_) return;
  for (const auto& task : std::exchange(tasks_, {})) task();
  session_.OnTick(around_.clock->MonotonicNs());
  OnTick();
  if (session_.closed() && !std::exchange(finishing_, true)) stream_->Finish();
  if (!tasks_.empty()) return turns_.Wake();
  turns_.WakeAt(around_.world->now_ns() + kTickNs);
}

void SimSession::OnTick() {
  const int64_t now_ns = around_.clock->MonotonicNs();
  if (!running_ || now_ns - last_report_ns_ < kReportEveryNs) return;
  last_report_ns_ = now_ns;
  ReportProgress();
  SendHistograms(false);
}

void SimSession::ReportProgress() {
  io_->Post([this, phase = phase_] {
    if (io_->dispatcher() == nullptr) return;
    const v1::CreditTotals totals = io_->dispatcher()->totals();
    const uint64_t lowest_unsent = io_->dispatcher()->LowestUnsent();
    const uint32_t slot_changes = io_->dispatcher()->slot_changes();
    Post([this, phase, totals, lowest_unsent, slot_changes] {
      if (recorder_ == nullptr) return;  // closed meanwhile
      v1::WorkerMessage message;
      message.mutable_progress()->set_phase(phase);
      *message.mutable_progress()->mutable_totals() = totals;
      message.mutable_progress()->set_lowest_unsent(lowest_unsent);
      message.mutable_progress()->set_slot_changes(slot_changes);
      session_.Send(std::move(message));
    });
  });
}

void SimSession::SendHistograms(bool last) {
  v1::WorkerMessage message;
  *message.mutable_histograms() = recorder_->TakeInterval(phase_, last);
  if (message.histograms().histograms_size() > 0 || last) session_.Send(std::move(message));
}

void SimSession::Send(v1::WorkerMessage message) {
  if (message.has_heartbeat()) {
    around_.checker->OnHeartbeat(around_.worker, message.heartbeat().sent_ns());
  }
  stream_->Send(std::move(message));
}

absl::StatusOr<v1::Ready> SimSession::Open(const v1::Hello& hello, uint64_t epoch) {
  hello_ = hello;
  epoch_ = epoch;
  v1::Ready ready;
  ready.set_version("simulated");
  return ready;
}

absl::Status SimSession::Load() {
  recorder_ = std::make_unique<SimRecorder>(scenario_, hello_, epoch_, around_.world, around_.clock,
                                            around_.records, around_.checker, around_.is_stopped);
  SimIoCallbacks callbacks;
  callbacks.on_record = [this](std::unique_ptr<Exchange> exchange) { recorder_->Push(*exchange); };
  callbacks.on_hungry = [this](uint64_t unsent, uint32_t free_slots) {
    Post([this, unsent, free_slots] { session_.OnHungry(unsent, free_slots); });
  };
  callbacks.on_done = [this](const v1::CreditTotals& totals) {
    Post([this, totals] { FinishPhase(totals); });
  };
  callbacks.on_lapse = [this] { Post([this] { session_.OnLapse(); }); };
  io_ = std::make_unique<SimIo>(scenario_, around_.worker, around_.world, around_.clock, &lease_,
                                around_.dataset, around_.checker, around_.is_stopped,
                                std::move(callbacks));
  return absl::OkStatus();
}

PhaseSettings SimSession::SettingsOf(const v1::Prepare& prepare) const {
  const v1::Plan& plan = hello_.plan();
  const v1::Phase& phase = plan.phases(static_cast<int>(prepare.phase()));
  PhaseSettings settings;
  settings.open_loop = IsOpenLoop(phase);
  settings.slots = prepare.slots();
  settings.duration_ns = phase.duration_ns();
  settings.grace_ns = phase.grace_period_ns();
  if (plan.late_policy() == v1::LATE_DROP) settings.drop_after_ns = plan.engine().late_after_ns();
  return settings;
}

void SimSession::Prepare(const v1::Prepare& prepare) {
  phase_ = prepare.phase();
  granted_ = 0;
  running_ = true;
  last_report_ns_ = around_.clock->MonotonicNs();
  io_->BeginPhase(phase_, SettingsOf(prepare));
  AddCredits(prepare.first_grant()).IgnoreError();  // it refuses none
  io_->Post([this] { Post([this] { session_.OnPrepared({}); }); });
}

absl::Status SimSession::AddCredits(const v1::Grant& grant) {
  granted_ += grant.count();
  io_->Add(grant, granted_);
  return absl::OkStatus();
}

void SimSession::StartPhase(const v1::Start& start) {
  around_.checker->OnLateStart(around_.worker, phase_,
                               around_.clock->MonotonicNs() - start.start_ns());
  recorder_->SetPhaseStart(phase_, start.start_ns());
  io_->Post([this, start_ns = start.start_ns(), joins = start.joins()] {
    joins ? io_->dispatcher()->Join(start_ns, around_.clock->MonotonicNs())
          : io_->dispatcher()->Start(start_ns);
  });
}

void SimSession::SetSlots(const v1::SlotChange& change) {
  io_->Post([this, slots = change.slots()] {
    if (io_->dispatcher() == nullptr) return;
    io_->dispatcher()->SetSlots(slots, around_.clock->MonotonicNs());
  });
}

void SimSession::Drain(int64_t grace_ns) {
  io_->Post([this, grace_ns] {
    if (io_->dispatcher() == nullptr) return;
    io_->dispatcher()->Drain(around_.clock->MonotonicNs(), grace_ns);
  });
}

void SimSession::Cancel() {
  io_->Post([this] {
    if (io_->dispatcher() != nullptr) io_->dispatcher()->Cancel();
  });
}

void SimSession::AckRecords(uint64_t sequence) {
  if (recorder_ != nullptr) recorder_->Ack(sequence);
}

void SimSession::ExtendLease(int64_t until_ns) {
  lease_.ExtendTo(scenario_.mutation == Mutation::kLeaseIgnored
                      ? std::numeric_limits<int64_t>::max()
                      : until_ns);
}

void SimSession::FinishPhase(const v1::CreditTotals& totals) {
  if (!running_) return;
  running_ = false;
  recorder_->Flush();
  SendHistograms(true);
  const RecorderCounters records = recorder_->PhaseCounters(phase_);
  v1::PhaseDone done;
  done.set_phase(phase_);
  *done.mutable_totals() = totals;
  done.mutable_health()->set_records_dropped(records.records_dropped);
  done.set_records_made(records.records_made);
  done.set_last_batch_sequence(recorder_->last_sequence());
  io_->EndPhase();
  session_.OnPhaseDone(std::move(done));
}

void SimSession::Close(const std::string&) {
  if (scenario_.mutation == Mutation::kCloseIgnored) return;
  running_ = false;
  if (io_ != nullptr) io_->Stop();
  io_.reset();
  recorder_.reset();
  around_.checker->OnStopped(around_.worker);
}

}  // namespace drumfire::simulation

#include "tools/fleet_sim/fake_worker.h"

#include <algorithm>
#include <utility>

#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "tools/fleet_sim/counting_load.h"
#include "tools/fleet_sim/request_load.h"

namespace drumfire::fleet_sim {
namespace {

constexpr int64_t kLongestTickNs = 100 * kNsPerMs;
constexpr int64_t kTicksPerLease = 20;
constexpr int64_t kReportEveryNs = 500 * kNsPerMs;

void KeepFirst(int64_t now_ns, int64_t* first_ns) {
  if (*first_ns == 0) *first_ns = now_ns;
}

}  // namespace

FakeWorker::FakeWorker(FakeFleet* fleet)
    : fleet_(fleet), clock_(fleet->clock()), tick_ns_(kLongestTickNs) {}

FakeWorker::~FakeWorker() = default;

void FakeWorker::OnMessage(v1::CoordinatorMessage message) {
  fleet_->loop().Post(
      [self = shared_from_this(), message = std::move(message)] { self->Handle(message); });
}

// Whoever holds the worker last, nothing of it lives on another thread than the loop's.
void FakeWorker::OnStreamClosed() {
  fleet_->loop().Post([self = shared_from_this()] {
    self->session_.OnStreamClosed();
    self->fleet_->loop().Forget(self.get());
    self->fleet_->Remove(self);
  });
}

void FakeWorker::Drop() {
  is_dropped_ = true;
  stream_->Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, "dropped by the simulation"));
}

void FakeWorker::Handle(const v1::CoordinatorMessage& message) {
  const int64_t now_ns = clock_.MonotonicNs();
  Note(message, now_ns);
  session_.OnMessage(message, now_ns);
  if (!message.has_heartbeat() && !message.has_record_ack()) fleet_->loop().WakeAt(this, now_ns);
}

void FakeWorker::Note(const v1::CoordinatorMessage& message, int64_t now_ns) {
  Figures& figures = fleet_->figures();
  if (message.has_hello()) {
    KeepFirst(now_ns, &figures.first_hello_ns);
  } else if (message.has_heartbeat()) {
    ++figures.heartbeats_answered;
    figures.slowest_answer_ns =
        std::max(figures.slowest_answer_ns, now_ns - message.heartbeat().sent_ns());
  } else if (message.has_start()) {
    if (message.start().phase() == 0) figures.last_start_ns = now_ns;
    figures.latest_start_ns =
        std::max(figures.latest_start_ns, now_ns - message.start().start_ns());
    fleet_->OnStart(now_ns);
  } else if (message.has_grant()) {
    ++figures.grants;
    figures.credits += message.grant().count();
    KeepFirst(now_ns, &figures.first_grant_ns);
    if (message.grant().count() > 0) figures.last_grant_ns = now_ns;
  }
}

void FakeWorker::OnWake() {
  const int64_t now_ns = clock_.MonotonicNs();
  session_.OnTick(now_ns);
  int64_t next_ns = now_ns + tick_ns_;
  if (load_ != nullptr) next_ns = std::min(next_ns, load_->Turn());
  if (std::exchange(has_lapsed_, false)) session_.OnLapse();
  if (std::exchange(is_phase_over_, false)) FinishPhase();
  if (load_ != nullptr) Report(now_ns);
  if (recorder_ != nullptr) next_ns = std::min(next_ns, recorder_->Turn());
  if (session_.closed() && !std::exchange(is_finishing_, true)) stream_->Finish(grpc::Status::OK);
  fleet_->loop().WakeAt(this, next_ns);
}

void FakeWorker::Report(int64_t now_ns) {
  const double every_ns = static_cast<double>(kReportEveryNs) / fleet_->settings().speed_up;
  if (now_ns - last_report_ns_ < static_cast<int64_t>(every_ns)) return;
  last_report_ns_ = now_ns;
  v1::WorkerMessage message;
  v1::Progress* progress = message.mutable_progress();
  progress->set_phase(phase_);
  *progress->mutable_totals() = load_->totals();
  progress->set_lowest_unsent(load_->LowestUnsent());
  progress->mutable_health()->set_records_dropped(recorder_->PhaseCounters(phase_).records_dropped);
  session_.Send(std::move(message));
  SendHistograms(false);
}

void FakeWorker::SendHistograms(bool last) {
  v1::WorkerMessage message;
  *message.mutable_histograms() = recorder_->TakeInterval(phase_, last);
  if (message.histograms().histograms_size() > 0 || last) session_.Send(std::move(message));
}

void FakeWorker::FinishPhase() {
  if (load_ == nullptr) return;
  recorder_->Flush();
  SendHistograms(true);
  const RecorderCounters records = recorder_->PhaseCounters(phase_);
  fleet_->figures().records += records.records_made;
  fleet_->figures().records_dropped += records.records_dropped;
  v1::PhaseDone done;
  done.set_phase(phase_);
  *done.mutable_totals() = load_->totals();
  done.mutable_health()->set_records_dropped(records.records_dropped);
  done.set_records_made(records.records_made);
  done.set_last_batch_sequence(recorder_->last_sequence());
  load_.reset();
  session_.OnPhaseDone(std::move(done));
}

LoadCallbacks FakeWorker::MakeCallbacks() {
  LoadCallbacks callbacks;
  callbacks.on_record = [this](std::unique_ptr<Exchange> exchange) { recorder_->Push(*exchange); };
  callbacks.on_dropped_records = [this](uint64_t count) { recorder_->Drop(phase_, count); };
  callbacks.on_hungry = [this](uint64_t unsent, uint32_t free_slots) {
    ++fleet_->figures().demands;
    session_.OnHungry(unsent, free_slots);
  };
  callbacks.on_done = [this] { is_phase_over_ = true; };
  callbacks.on_lapse = [this] { has_lapsed_ = true; };
  return callbacks;
}

void FakeWorker::Send(v1::WorkerMessage message) {
  Figures& figures = fleet_->figures();
  const int64_t now_ns = clock_.MonotonicNs();
  if (message.has_heartbeat()) ++figures.heartbeats_sent;
  if (message.has_loaded()) figures.last_loaded_ns = now_ns;
  if (message.has_prepared() && message.prepared().phase() == 0) figures.last_prepared_ns = now_ns;
  stream_->Send(std::move(message));
}

absl::StatusOr<v1::Ready> FakeWorker::Open(const v1::Hello& hello, uint64_t epoch) {
  if (absl::Status fits = fleet_->Check(hello.plan()); !fits.ok()) return fits;
  hello_ = hello;
  epoch_ = epoch;
  plan_hash_ = PlanHash(hello.plan());
  if (hello.lease_ns() > 0) tick_ns_ = std::min(tick_ns_, hello.lease_ns() / kTicksPerLease);
  auto link = fleet_->links().Open(hello.records_client_key());
  if (!link.ok()) return link.status();
  link_ = *std::move(link);
  v1::Ready ready;
  ready.set_protocol_version(kProtocolVersion);
  ready.set_version(std::string(kVersion));
  ready.set_records_endpoint(link_->endpoint());
  ready.set_records_server_key(link_->server_key());
  ready.set_engine("simulated");
  for (std::string& name :
       fleet_->workloads().chunks().Missing(Workloads::WantedChunks(hello.plan()))) {
    ready.add_needed_chunks(name);
    missing_chunks_.insert(std::move(name));
  }
  return ready;
}

absl::StatusOr<bool> FakeWorker::AddChunk(const v1::Chunk& chunk) {
  if (missing_chunks_.erase(chunk.sha256()) == 0) {
    return absl::InvalidArgumentError("a chunk that was not asked for");
  }
  // Another worker of the process may have brought it meanwhile.
  ChunkStore& chunks = fleet_->workloads().chunks();
  if (!chunks.Missing({chunk.sha256()}).empty()) {
    if (absl::Status added = chunks.Add(chunk.sha256(), chunk.data()); !added.ok()) return added;
  }
  return missing_chunks_.empty();
}

absl::Status FakeWorker::Load() {
  auto workload = fleet_->workloads().Load(plan_hash_, hello_.plan());
  if (!workload.ok()) return workload.status();
  workload_ = *std::move(workload);
  recorder_ = std::make_unique<FakeRecorder>(hello_, epoch_, link_.get(), clock_);
  return absl::OkStatus();
}

void FakeWorker::Prepare(const v1::Prepare& prepare) {
  const FleetSettings& settings = fleet_->settings();
  phase_ = prepare.phase();
  last_report_ns_ = clock_.MonotonicNs();
  if (phase_ == 0) KeepFirst(last_report_ns_, &fleet_->figures().first_prepare_ns);
  if (settings.keep_records) {
    load_ = std::make_unique<RequestLoad>(workload_, prepare, settings.answer, settings.speed_up,
                                          clock_, MakeCallbacks());
  } else {
    const v1::Phase& phase = workload_->plan.phases(static_cast<int>(phase_));
    load_ = std::make_unique<CountingLoad>(prepare.slots(), phase.duration_ns(), clock_,
                                           MakeCallbacks());
  }
  load_->ExtendLease(lease_until_ns_);
  load_->Add(prepare.first_grant());
  session_.OnPrepared({});
}

absl::Status FakeWorker::AddCredits(const v1::Grant& grant) {
  load_->Add(grant);
  return absl::OkStatus();
}

void FakeWorker::StartPhase(const v1::Start& start) {
  recorder_->SetPhaseStart(phase_, start.start_ns());
  load_->Start(start.start_ns());
}

void FakeWorker::AckRecords(uint64_t sequence) {
  if (recorder_ != nullptr) recorder_->Ack(sequence);
}

void FakeWorker::ExtendLease(int64_t until_ns) {
  lease_until_ns_ = until_ns;
  if (load_ != nullptr) load_->ExtendLease(until_ns);
}

void FakeWorker::Close(const std::string& why) {
  Figures& figures = fleet_->figures();
  if (is_dropped_) {
    ++figures.dropped;
  } else if (why.empty()) {
    ++figures.finished;
  } else {
    ++figures.abandoned[why];
  }
  if (recorder_ != nullptr) figures.batches_resent += recorder_->resends();
  load_.reset();
  recorder_.reset();
  link_.reset();
  workload_.reset();
}

}  // namespace drumfire::fleet_sim

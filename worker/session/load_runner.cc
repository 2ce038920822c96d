#include "worker/session/load_runner.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/plan/validate_plan.h"
#include "common/plan/version.h"
#include "common/schedule/schedule.h"
#include "glog/logging.h"
#include "worker/engine/target.h"
#include "worker/health/host_limits.h"

namespace drumfire {
namespace {

constexpr size_t kMaxPreparedRequests = 8192;
constexpr size_t kMaxPreparedBytes = 64 << 20;
constexpr size_t kMaxCachedBodyBytes = 64 << 20;
constexpr int64_t kReportEveryNs = 500 * kNsPerMs;
constexpr int64_t kOpenConnectionsLimitNs = 10 * kNsPerSecond;
// An open loop opens as many connections beforehand as it will need for so much of its rate, at
// most this many.
constexpr double kFirstWaveSeconds = 0.1;
constexpr uint32_t kMaxFirstWave = 64;
constexpr auto kFirstRequestsLimit = std::chrono::milliseconds(2000);
// The session's thread waits for the first requests, and sends no heartbeat meanwhile.
constexpr int64_t kWaitsPerLease = 2;

std::chrono::milliseconds FirstRequestsLimit(int64_t lease_ns) {
  if (lease_ns <= 0) return kFirstRequestsLimit;
  return std::min(kFirstRequestsLimit,
                  std::chrono::milliseconds(lease_ns / kNsPerMs / kWaitsPerLease));
}

// Bodies that no second request needs are not kept.
size_t CachedBodyBytes(const v1::Plan& plan, const Dataset& dataset) {
  const bool may_repeat =
      std::any_of(plan.phases().begin(), plan.phases().end(),
                  [&](const v1::Phase& phase) { return MayRepeatEntries(phase, dataset.size()); });
  return may_repeat ? kMaxCachedBodyBytes : 0;
}

}  // namespace

LoadRunner::LoadRunner(LoadRunnerOptions options, ChunkStore* chunks, const Clock& clock,
                       std::function<void(v1::WorkerMessage)> send,
                       std::function<void(std::function<void()>)> post)
    : options_(std::move(options)),
      chunks_(chunks),
      clock_(clock),
      send_(std::move(send)),
      post_(std::move(post)),
      lease_(clock),
      log_(options_.log_runs),
      health_(clock) {}

LoadRunner::~LoadRunner() { Close(""); }

std::vector<std::string> LoadRunner::WantedChunks() const {
  std::vector<std::string> wanted(plan_.tokenizer().file().chunk_sha256().begin(),
                                  plan_.tokenizer().file().chunk_sha256().end());
  wanted.insert(wanted.end(), plan_.dataset().rows().chunk_sha256().begin(),
                plan_.dataset().rows().chunk_sha256().end());
  return wanted;
}

absl::StatusOr<v1::Ready> LoadRunner::Open(const v1::Hello& hello, uint64_t epoch) {
  if (absl::Status valid = ValidatePlan(hello.plan()); !valid.ok()) return valid;
  plan_ = hello.plan();
  secret_headers_ = hello.secret_headers();
  run_id_ = hello.run_id();
  worker_ = hello.worker();
  epoch_ = epoch;
  first_requests_limit_ = FirstRequestsLimit(hello.lease_ns());
  RecordSinkOptions sink_options;
  sink_options.bind_endpoint = options_.records_bind;
  sink_options.run_id = run_id_;
  sink_options.worker = worker_;
  sink_options.epoch = epoch;
  sink_options.client_key = hello.records_client_key();
  if (hello.record_buffer_bytes() > 0) sink_options.buffer_bytes = hello.record_buffer_bytes();
  auto sink = RecordSink::Create(sink_options, clock_);
  if (!sink.ok()) return sink.status();
  sink_ = *std::move(sink);

  const std::vector<std::string> wanted = WantedChunks();
  chunks_->Trim(wanted);
  v1::Ready ready;
  ready.set_protocol_version(kProtocolVersion);
  ready.set_version(std::string(kVersion));
  ready.set_records_endpoint(sink_->endpoint());
  ready.set_records_server_key(sink_->server_key());
  *ready.mutable_limits() = ReadHostLimits();
  ready.set_engine(plan_.engine().kind() == v1::ENGINE_CURL ? "curl" : "native");
  for (std::string& proxy : ShownProxies(plan_)) ready.add_url_proxies(std::move(proxy));
  for (std::string& name : chunks_->Missing(wanted)) {
    ready.add_needed_chunks(name);
    missing_chunks_.insert(std::move(name));
  }
  log_.Begin(hello, clock_.MonotonicNs());
  return ready;
}

absl::StatusOr<bool> LoadRunner::AddChunk(const v1::Chunk& chunk) {
  if (!missing_chunks_.contains(chunk.sha256())) {
    return absl::InvalidArgumentError("a chunk that was not asked for");
  }
  if (absl::Status added = chunks_->Add(chunk.sha256(), chunk.data()); !added.ok()) return added;
  missing_chunks_.erase(chunk.sha256());
  return missing_chunks_.empty();
}

absl::Status LoadRunner::LoadTokenizer() {
  if (plan_.tokenizer().kind() == v1::TOKENIZER_NONE) return absl::OkStatus();
  auto bytes = chunks_->Assemble(plan_.tokenizer().file());
  if (!bytes.ok()) return bytes.status();
  auto tokenizer = MakeTokenizer(plan_.tokenizer().kind(), *bytes);
  if (!tokenizer.ok()) return tokenizer.status();
  tokenizer_ = *std::move(tokenizer);
  return absl::OkStatus();
}

absl::Status LoadRunner::Load() {
  if (absl::Status loaded = LoadTokenizer(); !loaded.ok()) return loaded;
  auto rows = chunks_->Assemble(plan_.dataset().rows());
  if (!rows.ok()) return rows.status();
  auto dataset = MakeDataset(plan_, *rows, tokenizer_.get());
  if (!dataset.ok()) return dataset.status();
  dataset_ = *std::move(dataset);
  auto builder = RequestBuilder::Create(plan_, secret_headers_, dataset_.get());
  if (!builder.ok()) return builder.status();
  builder_ = *std::move(builder);
  bodies_ = std::make_unique<BodyCache>(builder_.get(), CachedBodyBytes(plan_, *dataset_));
  return StartThreads();
}

absl::Status LoadRunner::StartThreads() {
  recorder_ = std::make_unique<Recorder>(plan_, tokenizer_.get(), clock_, sink_.get());
  IoCallbacks callbacks;
  callbacks.on_record = [this](std::unique_ptr<Exchange> exchange) {
    health_.OnRecord(*exchange);
    recorder_->Push(std::move(exchange));
  };
  callbacks.on_hungry = [this](uint64_t unsent, uint32_t free_slots) {
    post_([this, unsent, free_slots] { session_->OnHungry(unsent, free_slots); });
  };
  callbacks.on_done = [this](const v1::CreditTotals& totals, const SlotWaits& waits) {
    health_.AddReadDelays(io_->engine().TakeReadDelays());
    health_.SetEngineCounters(io_->engine().counters());
    post_([this, totals, waits] { OnIoDone(totals, waits); });
  };
  callbacks.on_lapse = [this] { post_([this] { session_->OnLapse(); }); };
  callbacks.on_turn = [this](int64_t ready_ns, int64_t done_ns) {
    health_.OnTurn(ready_ns, done_ns);
  };
  callbacks.on_tick = [this](int64_t late_ns) { health_.OnTick(late_ns); };
  auto io = IoThread::Create(plan_, clock_, &lease_, std::move(callbacks));
  if (!io.ok()) return io.status();
  io_ = *std::move(io);
  return absl::OkStatus();
}

PhaseSettings LoadRunner::SettingsOf(const v1::Prepare& prepare) const {
  const v1::Phase& phase = plan_.phases(static_cast<int>(prepare.phase()));
  PhaseSettings settings;
  settings.open_loop = IsOpenLoop(phase);
  settings.slots = prepare.slots();
  settings.duration_ns = phase.duration_ns();
  settings.grace_ns = phase.grace_period_ns();
  if (plan_.connections().reuse() == v1::REUSE_POOLED) {
    settings.open_ahead_urls = static_cast<uint32_t>(plan_.urls_size());
  }
  if (plan_.late_policy() == v1::LATE_DROP) {
    settings.drop_after_ns = plan_.engine().late_after_ns();
  }
  return settings;
}

// Connections that the first requests need: a closed loop's every slot, an open loop's first
// moments. At least one a target, so that a target that cannot be reached is known before the
// start.
uint32_t LoadRunner::FirstWave(const PhaseSettings& settings) const {
  const auto targets = static_cast<uint32_t>(plan_.urls_size());
  if (plan_.connections().reuse() == v1::REUSE_NEVER) return targets;
  if (!settings.open_loop) {
    return std::max(targets, static_cast<uint32_t>(std::min<uint64_t>(settings.slots, granted_)));
  }
  const v1::Phase& phase = plan_.phases(static_cast<int>(phase_));
  const auto wave =
      static_cast<uint32_t>(std::min<double>(phase.request_rate() * kFirstWaveSeconds,
                                             settings.slots > 0 ? settings.slots : kMaxFirstWave));
  return std::max(targets, std::min(wave, kMaxFirstWave));
}

void LoadRunner::Prepare(const v1::Prepare& prepare) {
  phase_ = prepare.phase();
  granted_ = 0;
  running_ = true;
  last_report_ns_ = clock_.MonotonicNs();
  const PhaseSettings settings = SettingsOf(prepare);
  queue_ = std::make_unique<ReadyQueue>(kMaxPreparedRequests, kMaxPreparedBytes);
  PreparerInputs inputs{&plan_,  dataset_.get(), builder_.get(),
                        run_id_, phase_,         io_->usage_refusal()};
  preparer_ = std::make_unique<Preparer>(std::move(inputs), bodies_.get(), queue_.get(),
                                         [this] { io_->Wake(); });
  io_->Post([this, settings] { io_->BeginPhase(settings, queue_.get()); });
  AddCredits(prepare.first_grant()).IgnoreError();  // the first range of a phase has room
  OpenConnections(FirstWave(settings));
}

void LoadRunner::OpenConnections(uint32_t count) {
  io_->Post([this, count] {
    const int64_t deadline_ns = clock_.MonotonicNs() + kOpenConnectionsLimitNs;
    auto opened = io_->engine().OpenConnections(count, deadline_ns);
    post_([this, opened = std::move(opened)] { OnOpened(opened); });
  });
}

void LoadRunner::OnOpened(const absl::StatusOr<uint32_t>& opened) {
  if (preparer_ != nullptr) preparer_->WaitUntilAhead(first_requests_limit_);
  v1::Prepared prepared;
  if (opened.ok()) {
    prepared.set_open_connections(*opened);
  } else {
    prepared.set_connect_error(std::string(opened.status().message()));
  }
  session_->OnPrepared(std::move(prepared));
}

absl::Status LoadRunner::AddCredits(const v1::Grant& grant) {
  if (!preparer_->Add(grant)) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", Preparer::kMostRanges, " ranges of credits at once"));
  }
  granted_ += grant.count();
  io_->Post([this, granted = granted_, last = grant.last()] {
    if (io_->dispatcher() != nullptr) io_->Granted(granted, last);
  });
  return absl::OkStatus();
}

void LoadRunner::StartPhase(const v1::Start& start) {
  recorder_->SetPhaseStart(phase_, start.start_ns());
  io_->Post([this, start_ns = start.start_ns(), joins = start.joins()] {
    health_.BeginPhase(io_->engine().counters());
    joins ? io_->dispatcher()->Join(start_ns, clock_.MonotonicNs())
          : io_->dispatcher()->Start(start_ns);
  });
}

void LoadRunner::SetSlots(const v1::SlotChange& change) {
  io_->Post([this, slots = change.slots()] {
    if (io_->dispatcher() != nullptr) io_->dispatcher()->SetSlots(slots, clock_.MonotonicNs());
  });
}

void LoadRunner::Drain(int64_t grace_ns) {
  io_->Post([this, grace_ns] {
    if (io_->dispatcher() != nullptr) io_->dispatcher()->Drain(clock_.MonotonicNs(), grace_ns);
  });
}

void LoadRunner::Cancel() {
  io_->Post([this] {
    if (io_->dispatcher() != nullptr) io_->dispatcher()->Cancel();
  });
}

void LoadRunner::AckRecords(uint64_t sequence) {
  // A number never sent cannot be acked; a confused coordinator must not end the load.
  (void)sink_->Ack(sequence).ok();
}

void LoadRunner::OnIoDone(const v1::CreditTotals& totals, const SlotWaits& waits) {
  if (recorder_ == nullptr) return;  // closed meanwhile
  health_.SetSlotWaits(waits);
  recorder_->Flush([this, totals] { post_([this, totals] { FinishPhase(totals); }); });
}

void LoadRunner::FinishPhase(const v1::CreditTotals& totals) {
  if (!running_) return;
  running_ = false;
  SendHistograms(true);
  const RecorderCounters records = recorder_->PhaseCounters(phase_);
  v1::PhaseDone done;
  done.set_phase(phase_);
  *done.mutable_totals() = totals;
  *done.mutable_health() = health_.Sample(records.records_dropped, records.tokenizer_overflows);
  done.set_records_made(records.records_made);
  done.set_last_batch_sequence(sink_->counters().last_sequence);
  done.set_bytes_sent(health_.bytes_sent());
  done.set_bytes_received(health_.bytes_received());
  EndPhase();
  session_->OnPhaseDone(std::move(done));
}

void LoadRunner::EndPhase() {
  std::promise<void> ended;
  io_->Post([this, &ended] {
    io_->EndPhase();
    ended.set_value();
  });
  ended.get_future().wait();
  preparer_.reset();
  queue_.reset();
}

void LoadRunner::OnTick(int64_t now_ns) {
  if (!running_ || now_ns - last_report_ns_ < kReportEveryNs) return;
  last_report_ns_ = now_ns;
  ReportProgress();
  SendHistograms(false);
}

void LoadRunner::ReportProgress() {
  io_->Post([this, phase = phase_] {
    if (io_->dispatcher() == nullptr) return;
    health_.AddReadDelays(io_->engine().TakeReadDelays());
    health_.SetEngineCounters(io_->engine().counters());
    const v1::CreditTotals totals = io_->dispatcher()->totals();
    const uint64_t lowest_unsent = io_->dispatcher()->LowestUnsent();
    const uint32_t slot_changes = io_->dispatcher()->slot_changes();
    post_([this, phase, totals, lowest_unsent, slot_changes] {
      if (recorder_ == nullptr) return;  // closed meanwhile
      const RecorderCounters records = recorder_->PhaseCounters(phase);
      v1::WorkerMessage message;
      message.mutable_progress()->set_phase(phase);
      *message.mutable_progress()->mutable_totals() = totals;
      message.mutable_progress()->set_lowest_unsent(lowest_unsent);
      message.mutable_progress()->set_slot_changes(slot_changes);
      *message.mutable_progress()->mutable_health() =
          health_.Sample(records.records_dropped, records.tokenizer_overflows);
      session_->Send(std::move(message));
    });
  });
}

void LoadRunner::SendHistograms(bool last) {
  v1::WorkerMessage message;
  *message.mutable_histograms() = recorder_->TakeIntervalHistograms(phase_, last);
  if (message.histograms().histograms_size() > 0 || last) session_->Send(std::move(message));
}

std::string LoadRunner::phase_name() const {
  return running_ ? plan_.phases(static_cast<int>(phase_)).name() : "";
}

void LoadRunner::Close(const std::string& why) {
  // Before a phase runs, the coordinator knows why it went, and says so.
  if (running_ && !why.empty() && !options_.log_runs) LOG(WARNING) << "run ended: " << why;
  running_ = false;
  log_.End(why, clock_.MonotonicNs());
  // Order: the preparer wakes the I/O thread, the I/O thread pushes to the recorder, the recorder
  // to the sink.
  preparer_.reset();
  if (io_ != nullptr) io_->Stop();
  io_.reset();
  recorder_.reset();
  sink_.reset();
}

}  // namespace drumfire

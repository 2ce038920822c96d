// One run on a worker: the loops that make, send and record its requests, and what the session sets
// in motion among them. It starts no thread of its own: its loops run on the resources' runners
// (threads in production, events of one world in the simulated fleet), and it is called on the
// session's loop. Other loops come back to it by tasks.
//
//   WorkerRun run(&resources, &control_end, log_runs);
//   SessionLoop session(&run, &control_end);
//   auto runner = resources.runners().Run(&session, nullptr);
//   run.Attach(&session.session(), runner.get());
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "common/loop/loop.h"
#include "worker/dispatch/io_loop.h"
#include "worker/dispatch/request_maker.h"
#include "worker/session/phase_health.h"
#include "worker/session/run_log.h"
#include "worker/session/run_resources.h"
#include "worker/session/session_loop.h"
#include "worker/sink/record_builder.h"

namespace drumfire {

class WorkerRun : public SessionHost {
 public:
  // log_runs: log a line when a run begins and when it ends. Nothing is owned.
  WorkerRun(RunResources* resources, ControlEnd* end, bool log_runs);
  // Without a Close before it, this is like a killed process: nothing is cancelled or reported.
  ~WorkerRun() override;

  // Once, before the first message. runner: of the session's loop.
  void Attach(Session* session, LoopRunner* runner);
  // Of the phase that runs or is being prepared; empty = none.
  std::string phase_name() const;
  // Everything the run held is freed.
  bool is_free() const { return io_ == nullptr && link_ == nullptr; }
  BatchSenderCounters record_counters() const {
    return sender_ != nullptr ? sender_->counters() : BatchSenderCounters();
  }

  void Send(v1::WorkerMessage message) override { end_->Send(std::move(message)); }
  absl::StatusOr<v1::Ready> Open(const v1::Hello& hello, uint64_t epoch) override;
  absl::StatusOr<bool> AddChunk(const v1::Chunk& chunk) override;
  absl::Status Load() override;
  void Prepare(const v1::Prepare& prepare) override;
  absl::Status AddCredits(const v1::Grant& grant) override;
  void StartPhase(const v1::Start& start) override;
  void SetSlots(const v1::SlotChange& change) override;
  void Drain(int64_t grace_ns) override;
  void Cancel() override;
  absl::Status AckRecords(uint64_t sequence) override;
  void ExtendLease(int64_t until_ns) override { lease_.ExtendTo(until_ns); }
  void Close(const std::string& why) override;
  // Progress and interval histograms while a phase runs.
  int64_t OnTick(int64_t now_ns) override;

 protected:
  // A request is over, sent or dropped. The I/O loop.
  virtual void OnRequestOver(std::unique_ptr<Exchange> exchange);

 private:
  void OpenSender(const v1::Hello& hello);
  absl::Status StartLoops();
  IoCallbacks MakeIoCallbacks();
  void BeginPhase(const v1::Prepare& prepare);
  void OpenConnections(uint32_t count);
  void OnOpened(const absl::StatusOr<uint32_t>& opened);
  void SendPrepared();
  void OnIoDone(const v1::CreditTotals& totals, const SlotWaits& waits);
  void FinishPhase(const v1::CreditTotals& totals);
  void ReadEngine();
  void RequestProgress();
  void SendProgress(v1::Progress progress);
  void SendHistograms(bool last);
  v1::WorkerHealth SampleHealth() const;
  void OnDispatcher(std::function<void(Dispatcher*)> task);
  const v1::Plan& plan() const { return hello_.plan(); }

  RunResources* const resources_;
  ControlEnd* const end_;
  const Clock& clock_;
  Session* session_ = nullptr;
  LoopRunner* runner_ = nullptr;

  Lease lease_;
  RunLog log_;
  const bool log_runs_;
  PhaseHealth health_;

  // The run.
  v1::Hello hello_;
  uint64_t epoch_ = 0;
  std::set<std::string> missing_chunks_;
  std::shared_ptr<const Workload> workload_;
  std::unique_ptr<BodyCache> bodies_;
  std::unique_ptr<RecordLink> link_;
  std::unique_ptr<BatchSender> sender_;
  std::unique_ptr<RecordBuilder> builder_;
  std::unique_ptr<IoLoop> io_;

  // The phase.
  uint32_t phase_ = 0;
  uint64_t granted_ = 0;
  std::unique_ptr<ReadyQueue> queue_;
  std::unique_ptr<RequestMaker> maker_;
  bool is_running_ = false;
  std::optional<v1::Prepared> prepared_;  // not sent yet: the first requests are being made
  int64_t prepared_by_ns_ = kNever;
  int64_t next_report_ns_ = kNever;

  // In the order of their making, so that they end the other way round: the I/O loop hands records
  // to the builder, the builder batches to the sender.
  std::unique_ptr<LoopRunner> sender_runner_;
  std::unique_ptr<LoopRunner> builder_runner_;
  std::unique_ptr<LoopRunner> maker_runner_;
  std::unique_ptr<LoopRunner> io_runner_;
};

}  // namespace drumfire

// What a session sets in motion, for real: data set, request builder, record sink, I/O thread.
// Lives for one run, on the session's thread; other threads come back to it through `post`.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/dataset/dataset.h"
#include "common/endpoint/request_builder.h"
#include "common/tokens/tokenizer.h"
#include "worker/dispatch/io_thread.h"
#include "worker/dispatch/preparer.h"
#include "worker/session/chunk_store.h"
#include "worker/session/phase_health.h"
#include "worker/session/run_log.h"
#include "worker/session/session.h"
#include "worker/sink/recorder.h"

namespace drumfire {

struct LoadRunnerOptions {
  // ZeroMQ endpoint to bind. The coordinator puts the host it dialled in the place of a wildcard.
  std::string records_bind;
  // Log a line when a run begins and when it ends.
  bool log_runs = false;
};

class LoadRunner : public SessionHost {
 public:
  // send: hands a message to the stream. post: runs a task on the session's thread. chunks and
  // clock are not owned.
  LoadRunner(LoadRunnerOptions options, ChunkStore* chunks, const Clock& clock,
             std::function<void(v1::WorkerMessage)> send,
             std::function<void(std::function<void()>)> post);
  ~LoadRunner() override;

  // Must be called once before the first message.
  void set_session(Session* session) { session_ = session; }
  // From time to time: progress and interval histograms while a phase runs.
  void OnTick(int64_t now_ns);
  // Of the phase that runs or is being prepared; empty = none.
  std::string phase_name() const;

  void Send(v1::WorkerMessage message) override { send_(std::move(message)); }
  absl::StatusOr<v1::Ready> Open(const v1::Hello& hello, uint64_t epoch) override;
  absl::StatusOr<bool> AddChunk(const v1::Chunk& chunk) override;
  absl::Status Load() override;
  void Prepare(const v1::Prepare& prepare) override;
  absl::Status AddCredits(const v1::Grant& grant) override;
  void StartPhase(const v1::Start& start) override;
  void SetSlots(const v1::SlotChange& change) override;
  void Drain(int64_t grace_ns) override;
  void Cancel() override;
  void AckRecords(uint64_t sequence) override;
  void ExtendLease(int64_t until_ns) override { lease_.ExtendTo(until_ns); }
  void Close(const std::string& why) override;

 private:
  std::vector<std::string> WantedChunks() const;
  absl::Status LoadTokenizer();
  absl::Status StartThreads();
  PhaseSettings SettingsOf(const v1::Prepare& prepare) const;
  uint32_t FirstWave(const PhaseSettings& settings) const;
  void OpenConnections(uint32_t count);
  void OnOpened(const absl::StatusOr<uint32_t>& opened);
  void OnIoDone(const v1::CreditTotals& totals, const SlotWaits& waits);
  void FinishPhase(const v1::CreditTotals& totals);
  void ReportProgress();
  void SendHistograms(bool last);
  void EndPhase();

  const LoadRunnerOptions options_;
  ChunkStore* const chunks_;
  const Clock& clock_;
  const std::function<void(v1::WorkerMessage)> send_;
  const std::function<void(std::function<void()>)> post_;
  Session* session_ = nullptr;

  Lease lease_;

  // The run.
  RunLog log_;
  v1::Plan plan_;
  google::protobuf::RepeatedPtrField<v1::Header> secret_headers_;
  std::string run_id_;
  uint32_t worker_ = 0;
  uint64_t epoch_ = 0;
  std::chrono::milliseconds first_requests_limit_{0};
  std::set<std::string> missing_chunks_;
  std::unique_ptr<Tokenizer> tokenizer_;
  std::unique_ptr<Dataset> dataset_;
  std::unique_ptr<RequestBuilder> builder_;
  std::unique_ptr<BodyCache> bodies_;
  std::unique_ptr<RecordSink> sink_;
  std::unique_ptr<Recorder> recorder_;
  PhaseHealth health_;
  std::unique_ptr<IoThread> io_;

  // The phase.
  uint32_t phase_ = 0;
  uint64_t granted_ = 0;
  std::unique_ptr<ReadyQueue> queue_;
  std::unique_ptr<Preparer> preparer_;
  bool running_ = false;
  int64_t last_report_ns_ = 0;
};

}  // namespace drumfire

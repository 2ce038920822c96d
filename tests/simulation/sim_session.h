// One run at a worker: the real session over a simulated load runner. What RunSession and
// LoadRunner do on the session's thread is done here turn by turn.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "tests/simulation/sim_io.h"
#include "tests/simulation/sim_recorder.h"
#include "tests/simulation/stream.h"
#include "worker/session/session.h"

namespace drumfire::simulation {

// What a worker's process is made of; nothing is owned.
struct Surroundings {
  const Scenario* scenario = nullptr;
  uint32_t worker = 0;
  World* world = nullptr;
  const HostClock* clock = nullptr;
  const Dataset* dataset = nullptr;
  RecordLink* records = nullptr;
  Checker* checker = nullptr;
  std::function<bool()> is_stopped;
};

class SimSession : public SessionHost {
 public:
  // The first message is handled load_ns after it came: that is how long loading takes; INT64_MAX =
  // for ever. stream is not owned and goes first.
  SimSession(const Surroundings& around, WorkerEnd* stream, int64_t load_ns);
  // As when the process is killed: nothing of it happens any more.
  ~SimSession() override;

  void OnMessage(v1::CoordinatorMessage message);
  void OnStreamClosed();
  void Resume();

  // The run is over and everything is freed.
  bool ended() const {
    return stream_closed_ && session_.closed() && io_ == nullptr && recorder_ == nullptr;
  }
  bool closed() const { return session_.closed(); }
  uint32_t in_flight() { return io_ == nullptr ? 0 : io_->engine().in_flight(); }

  void Send(v1::WorkerMessage message) override;
  absl::StatusOr<v1::Ready> Open(const v1::Hello& hello, uint64_t epoch) override;
  absl::StatusOr<bool> AddChunk(const v1::Chunk&) override { return true; }
  absl::Status Load() override;
  void Prepare(const v1::Prepare& prepare) override;
  absl::Status AddCredits(const v1::Grant& grant) override;
  void StartPhase(const v1::Start& start) override;
  void SetSlots(const v1::SlotChange& change) override;
  void Drain(int64_t grace_ns) override;
  void Cancel() override;
  void AckRecords(uint64_t sequence) override;
  void ExtendLease(int64_t until_ns) override;
  void Close(const std::string& why) override;

 private:
  void Post(std::function<void()> task);
  void Turn();
  void OnTick();
  void ReportProgress();
  void SendHistograms(bool last);
  void FinishPhase(const v1::CreditTotals& totals);
  PhaseSettings SettingsOf(const v1::Prepare& prepare) const;

  const Surroundings around_;
  const Scenario& scenario_;
  WorkerEnd* const stream_;
  const int64_t load_ns_;
  Lease lease_;
  Session session_;
  Turns turns_;
  std::vector<std::function<void()>> tasks_;
  bool stream_closed_ = false;
  bool finishing_ = false;

  std::unique_ptr<SimRecorder> recorder_;
  std::unique_ptr<SimIo> io_;
  v1::Hello hello_;
  uint64_t epoch_ = 0;
  uint32_t phase_ = 0;
  uint64_t granted_ = 0;
  bool running_ = false;
  int64_t last_report_ns_ = 0;
};

}  // namespace drumfire::simulation

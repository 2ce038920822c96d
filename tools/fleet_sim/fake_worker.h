// One worker as its coordinator sees it: the real session over a load without a network. Many live
// on one event loop.
#pragma once

#include <memory>
#include <string>

#include "tools/fleet_sim/fake_fleet.h"
#include "tools/fleet_sim/fake_recorder.h"
#include "tools/fleet_sim/load.h"
#include "worker/session/control_stream.h"
#include "worker/session/session.h"

namespace drumfire::fleet_sim {

class FakeWorker : public std::enable_shared_from_this<FakeWorker>,
                   private SessionHost,
                   private Sleeper {
 public:
  // fleet must outlive the worker. Any thread.
  explicit FakeWorker(FakeFleet* fleet);
  ~FakeWorker() override;

  // --- gRPC's threads ---
  void OnMessage(v1::CoordinatorMessage message);
  void OnStreamClosed();
  const std::shared_ptr<StreamHandle>& stream() const { return stream_; }

  // --- the event loop's thread ---
  // Breaks the stream off, as a cut cable does.
  void Drop();

 private:
  void OnWake() override;
  void Handle(const v1::CoordinatorMessage& message);
  void Note(const v1::CoordinatorMessage& message, int64_t now_ns);
  void Report(int64_t now_ns);
  void SendHistograms(bool last);
  void FinishPhase();
  LoadCallbacks MakeCallbacks();

  void Send(v1::WorkerMessage message) override;
  absl::StatusOr<v1::Ready> Open(const v1::Hello& hello, uint64_t epoch) override;
  absl::StatusOr<bool> AddChunk(const v1::Chunk& chunk) override;
  absl::Status Load() override;
  void Prepare(const v1::Prepare& prepare) override;
  absl::Status AddCredits(const v1::Grant& grant) override;
  void StartPhase(const v1::Start& start) override;
  void SetSlots(const v1::SlotChange& change) override { load_->SetSlots(change.slots()); }
  void Drain(int64_t grace_ns) override { load_->Drain(grace_ns); }
  void Cancel() override { load_->Cancel(); }
  void AckRecords(uint64_t sequence) override;
  void ExtendLease(int64_t until_ns) override;
  void Close(const std::string& why) override;

  FakeFleet* const fleet_;
  const Clock& clock_;
  const std::shared_ptr<StreamHandle> stream_ = std::make_shared<StreamHandle>();
  Session session_{this};
  bool is_finishing_ = false;
  bool is_dropped_ = false;

  // The run.
  v1::Hello hello_;
  uint64_t epoch_ = 0;
  std::string plan_hash_;
  std::set<std::string> missing_chunks_;
  int64_t tick_ns_;
  int64_t lease_until_ns_ = INT64_MIN;
  std::shared_ptr<const Workload> workload_;
  std::unique_ptr<RecordLink> link_;
  std::unique_ptr<FakeRecorder> recorder_;

  // The phase.
  uint32_t phase_ = 0;
  std::unique_ptr<fleet_sim::Load> load_;
  bool is_phase_over_ = false;
  bool has_lapsed_ = false;
  int64_t last_report_ns_ = 0;
};

}  // namespace drumfire::fleet_sim

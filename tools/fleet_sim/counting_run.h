// Closed-loop credits that cost nothing: each is taken for a request that was answered the moment
// it was granted and whose record was not kept. The accounts close (every record is counted as
// dropped), and only the control side is measured.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "tools/fleet_sim/fleet_resources.h"
#include "worker/session/session_loop.h"

namespace drumfire::fleet_sim {

class CountingRun : public SessionHost {
 public:
  // As FakeRun's. Nothing is owned.
  CountingRun(FleetResources* resources, ControlEnd* end,
              std::function<void(const std::string& why, uint64_t resends)> on_close)
      : resources_(resources), end_(end), on_close_(std::move(on_close)) {}
  // As WorkerRun's. No other loop needs the runner.
  void Attach(Session* session, LoopRunner* /*runner*/) { session_ = session; }

  void Send(v1::WorkerMessage message) override { end_->Send(std::move(message)); }
  absl::StatusOr<v1::Ready> Open(const v1::Hello& hello, uint64_t epoch) override;
  absl::StatusOr<bool> AddChunk(const v1::Chunk& chunk) override;
  absl::Status Load() override { return absl::OkStatus(); }
  void Prepare(const v1::Prepare& prepare) override;
  absl::Status AddCredits(const v1::Grant& grant) override;
  void StartPhase(const v1::Start& start) override { start_ns_ = start.start_ns(); }
  void SetSlots(const v1::SlotChange& change) override { slots_ = change.slots(); }
  void Drain(int64_t) override { is_stopped_ = true; }
  void Cancel() override { is_stopped_ = true; }
  absl::Status AckRecords(uint64_t) override { return absl::OkStatus(); }
  void ExtendLease(int64_t) override {}
  void Close(const std::string& why) override { on_close_(why, 0); }
  // Takes all credits for answered that may be by now.
  int64_t OnTick(int64_t now_ns) override;

 private:
  void FinishPhase();
  v1::CreditTotals Totals() const;
  void SendProgress();

  FleetResources* const resources_;
  ControlEnd* const end_;
  const std::function<void(const std::string& why, uint64_t resends)> on_close_;
  Session* session_ = nullptr;
  v1::Plan plan_;
  std::unique_ptr<RecordLink> link_;
  uint64_t missing_chunks_ = 0;

  // The phase.
  bool is_running_ = false;
  uint32_t phase_ = 0;
  uint32_t slots_ = 0;
  int64_t start_ns_ = kNever;
  uint64_t granted_ = 0;
  uint64_t unsent_ = 0;
  uint64_t lowest_unsent_ = 0;  // of unsent_
  int64_t next_report_ns_ = kNever;
  bool has_news_ = false;   // a grant that no demand has followed yet
  bool has_final_ = false;  // no more grants will come
  bool is_stopped_ = false;
};

}  // namespace drumfire::fleet_sim

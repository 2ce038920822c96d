// A worker's real run under the checker's eyes, and with the mutations that a worker can have.
#pragma once

#include <memory>
#include <string>

#include "tests/simulation/checker.h"
#include "worker/session/worker_run.h"

namespace drumfire::simulation {

class WatchedRun : public WorkerRun {
 public:
  // number: of the worker in the fleet. Nothing is owned.
  WatchedRun(const Scenario& scenario, uint32_t number, const Clock* clock, Checker* checker,
             RunResources* resources, ControlEnd* end);

  void Send(v1::WorkerMessage message) override;
  void StartPhase(const v1::Start& start) override;
  absl::Status AckRecords(uint64_t sequence) override;
  void ExtendLease(int64_t until_ns) override;
  void Close(const std::string& why) override;

 private:
  void OnRequestOver(std::unique_ptr<Exchange> exchange) override;

  const Scenario& scenario_;
  const uint32_t number_;
  const Clock* const clock_;
  Checker* const checker_;
};

}  // namespace drumfire::simulation

// An engine without a network: requests end after a time that chance decides, or fail, or hang.
// Answers wait until the worker's I/O loop polls.
#pragma once

#include <deque>
#include <map>
#include <memory>

#include "tests/simulation/checker.h"
#include "worker/engine/engine.h"

namespace drumfire::simulation {

class SimEngine : public Engine {
 public:
  // Nothing is owned.
  SimEngine(const Scenario& scenario, uint32_t worker, World* world, const Clock* clock,
            Checker* checker, EngineOwner* owner);

  // Once, before the first Send: makes the loop that polls have a turn.
  void set_wake(std::function<void()> wake) { wake_ = std::move(wake); }

  absl::StatusOr<uint32_t> OpenConnections(uint32_t count, int64_t) override { return count; }
  void OpenAhead(uint32_t, uint32_t) override {}
  void Send(std::unique_ptr<Exchange> exchange) override;
  // All that the target has answered by now goes to the owner.
  void Poll(int64_t deadline_ns, bool deadline_is_due) override;
  void CancelAll() override;
  void Wake() override {
    if (wake_) wake_();
  }
  uint32_t in_flight() const override { return static_cast<uint32_t>(in_flight_.size()); }
  EngineCounters counters() const override { return counters_; }
  int64_t woke_ns() const override { return 0; }
  const char* name() const override { return "simulated"; }
  std::vector<int64_t> TakeReadDelays() override { return {}; }

 private:
  int64_t DrawServiceTime();
  void OnAnswer(uint64_t number);
  void Finish(std::unique_ptr<Exchange> exchange, v1::Outcome outcome, v1::ErrorClass error);

  const Scenario& scenario_;
  const uint32_t worker_;
  World* const world_;
  const Clock* const clock_;
  Checker* const checker_;
  EngineOwner* const owner_;
  std::function<void()> wake_;
  EngineCounters counters_;

  std::map<uint64_t, std::unique_ptr<Exchange>> in_flight_;  // by number
  std::deque<uint64_t> answered_;
  uint64_t last_number_ = 0;
  // Answers that come after the engine's end find it gone.
  std::shared_ptr<SimEngine*> self_ = std::make_shared<SimEngine*>(this);
};

}  // namespace drumfire::simulation

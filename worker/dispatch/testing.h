// An engine for tests of what stands above it: requests end when the test says so.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "common/clock/clock.h"
#include "worker/engine/engine.h"

namespace drumfire::testing {

class ScriptedEngine : public Engine {
 public:
  ScriptedEngine(const Clock& clock, EngineOwner* owner) : clock_(clock), owner_(owner) {}

  absl::StatusOr<uint32_t> OpenConnections(uint32_t count, int64_t) override {
    if (!connect_error.empty()) return absl::UnavailableError(connect_error);
    return count;
  }
  void OpenAhead(uint32_t, uint32_t) override {}
  void Send(std::unique_ptr<Exchange> exchange) override {
    exchange->sent_ns = clock_.MonotonicNs();
    ks_sent.push_back(exchange->k);
    flying.push_back(std::move(exchange));
  }
  void Poll(int64_t deadline_ns, bool) override {
    polled_until_ns = deadline_ns;
    for (; answers_due > 0 && !flying.empty(); --answers_due) Finish(v1::OUTCOME_COMPLETED);
  }
  void CancelAll() override {
    while (!flying.empty()) Finish(v1::OUTCOME_CANCELLED);
  }
  void Wake() override { ++wakes; }
  uint32_t in_flight() const override { return static_cast<uint32_t>(flying.size()); }
  EngineCounters counters() const override { return {}; }
  int64_t woke_ns() const override { return clock_.MonotonicNs(); }
  const char* name() const override { return "scripted"; }
  std::vector<int64_t> TakeReadDelays() override { return {}; }

  // The next Poll ends so many requests, the oldest first.
  uint32_t answers_due = 0;
  std::string connect_error;
  std::vector<std::unique_ptr<Exchange>> flying;
  std::vector<uint64_t> ks_sent;
  int64_t polled_until_ns = 0;
  int wakes = 0;

 private:
  void Finish(v1::Outcome outcome) {
    std::unique_ptr<Exchange> exchange = std::move(flying.front());
    flying.erase(flying.begin());
    exchange->outcome = outcome;
    exchange->end_ns = clock_.MonotonicNs();
    owner_->OnFinished(std::move(exchange));
  }

  const Clock& clock_;
  EngineOwner* const owner_;
};

}  // namespace drumfire::testing

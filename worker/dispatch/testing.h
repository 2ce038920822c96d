// An engine for tests of what stands above it: requests end when the test says so.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "common/clock/clock.h"
#include "worker/engine/engine.h"

namespace drumfire::testutil {

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
    flying.push_back(std::move(exchange));
    if (fails_at_once) Finish(flying.size() - 1, v1::OUTCOME_FAILED);
  }
  void Poll(int64_t deadline_ns, bool) override {
    polled_until_ns = deadline_ns;
    for (; answers_due > 0 && !flying.empty(); --answers_due) Finish(0);
  }
  void CancelAll() override {
    while (!flying.empty()) Finish(0, v1::OUTCOME_CANCELLED);
  }
  void Wake() override { ++wakes; }
  uint32_t in_flight() const override { return static_cast<uint32_t>(flying.size()); }
  EngineCounters counters() const override { return {}; }
  int64_t woke_ns() const override { return clock_.MonotonicNs(); }
  const char* name() const override { return "scripted"; }
  std::vector<int64_t> TakeReadDelays() override { return {}; }

  // Ends one of the requests in flight, counted from the oldest.
  void Finish(size_t index, v1::Outcome outcome = v1::OUTCOME_COMPLETED) {
    std::unique_ptr<Exchange> exchange = std::move(flying[index]);
    flying.erase(flying.begin() + static_cast<std::ptrdiff_t>(index));
    exchange->outcome = outcome;
    exchange->end_ns = clock_.MonotonicNs();
    owner_->OnFinished(std::move(exchange));
  }

  // The next Poll ends so many requests, the oldest first.
  uint32_t answers_due = 0;
  std::string connect_error;
  bool fails_at_once = false;  // every request fails inside Send
  std::vector<std::unique_ptr<Exchange>> flying;
  int64_t polled_until_ns = 0;
  int wakes = 0;

 private:
  const Clock& clock_;
  EngineOwner* const owner_;
};

}  // namespace drumfire::testutil

// An engine without a network: every request is answered a service time after it was sent, in full.
// One that takes time counts as sent the moment it could be, however busy this machine is: a fake
// worker shows what the coordinator does, not how well it sends itself. Takes the phase's clock.
// One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "common/clock/clock.h"
#include "worker/engine/engine.h"

namespace drumfire::fleet_sim {

struct FakeAnswer {
  int64_t service_ns = 0;  // by the phase's clock; 0 = answered when it is sent
  uint32_t chunks = 1;     // content chunks, one token each, evenly over the service time; >= 1
};

class FakeEngine : public Engine {
 public:
  // clock and owner must outlive the engine.
  FakeEngine(const FakeAnswer& answer, const Clock& clock, EngineOwner* owner)
      : answer_(answer), clock_(clock), owner_(owner) {}

  // When Poll next has something (phase's clock); INT64_MAX = nothing is in flight.
  int64_t NextAnswerNs() const;

  absl::StatusOr<uint32_t> OpenConnections(uint32_t count, int64_t) override { return count; }
  void OpenAhead(uint32_t, uint32_t) override {}
  void Send(std::unique_ptr<Exchange> exchange) override;
  // Hands over all that is answered by now.
  void Poll(int64_t deadline_ns, bool deadline_is_due) override;
  void CancelAll() override;
  void Wake() override {}
  uint32_t in_flight() const override { return static_cast<uint32_t>(in_flight_.size()); }
  EngineCounters counters() const override { return counters_; }
  int64_t woke_ns() const override { return 0; }
  const char* name() const override { return "simulated"; }
  std::vector<int64_t> TakeReadDelays() override { return {}; }

 private:
  void Answer(Exchange* exchange) const;

  const FakeAnswer answer_;
  const Clock& clock_;
  EngineOwner* const owner_;
  EngineCounters counters_;
  std::deque<std::unique_ptr<Exchange>> in_flight_;  // in the order of their answers
};

}  // namespace drumfire::fleet_sim

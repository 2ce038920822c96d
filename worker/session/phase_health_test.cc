// Does a phase's health count from its start, and only what belongs to it?
#include "worker/session/phase_health.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(PhaseHealth, CountsFromThePhasesStart) {
  FakeClock clock(1'000);
  PhaseHealth health(clock, std::make_unique<UsageMeter>(clock.MonotonicNs()));
  EngineCounters counters;
  counters.connects = 5;
  counters.kernel_stamps = 100;
  counters.refused_stamps = 2;
  counters.retries = 4;
  counters.replacing_connects = 8;
  counters.bytes_received = 16;
  counters.bytes_sent = 40;
  health.OnStep(0, 50 * kNsPerMs);
  health.BeginPhase(counters);
  counters.connects = 7;
  counters.kernel_stamps = 130;
  counters.refused_stamps = 3;
  counters.retries = 9;
  counters.replacing_connects = 10;
  counters.bytes_received = 23;
  counters.bytes_sent = 90;
  health.SetEngineCounters(counters);
  const v1::WorkerHealth sample = health.Sample(3, 4);
  EXPECT_EQ(sample.connects(), 7u);
  EXPECT_EQ(sample.connects_in_phase(), 2u);
  EXPECT_EQ(sample.kernel_stamps(), 30u);
  EXPECT_EQ(sample.refused_stamps(), 1u);
  EXPECT_EQ(sample.retries(), 5u);
  EXPECT_EQ(sample.replacing_connects(), 2u);
  EXPECT_EQ(health.bytes_received(), 7u);
  EXPECT_EQ(sample.loop_stalls(), 0u) << "a stall before the start is not the phase's";
  EXPECT_EQ(sample.records_dropped(), 3u);
  EXPECT_EQ(sample.tokenizer_overflows(), 4u);
  EXPECT_EQ(health.bytes_sent(), 50u);
}

TEST(PhaseHealth, UncertaintyOfASendIsHalfItsCall) {
  FakeClock clock;
  PhaseHealth health(clock, std::make_unique<UsageMeter>(clock.MonotonicNs()));
  EXPECT_EQ(health.Sample(0, 0).send_uncertainty_p50_ns(), -1);
  Exchange exchange;
  exchange.send_call_ns = 30;
  health.OnRecord(exchange);  // never sent
  EXPECT_EQ(health.Sample(0, 0).send_uncertainty_p50_ns(), -1);
  exchange.sent_ns = 5;
  health.OnRecord(exchange);
  EXPECT_EQ(health.Sample(0, 0).send_uncertainty_p50_ns(), 15);
}

TEST(PhaseHealth, TellsStallsAndSlotWaits) {
  FakeClock clock;
  PhaseHealth health(clock, std::make_unique<UsageMeter>(clock.MonotonicNs()));
  health.OnStep(0, kLoopStallNs + 1);
  health.AddReadDelays({10, 20});
  health.SetSlotWaits({.count = 2, .total_ns = 700});
  const v1::WorkerHealth sample = health.Sample(0, 0);
  EXPECT_EQ(sample.loop_stalls(), 1u);
  EXPECT_EQ(sample.longest_stall_ns(), kLoopStallNs + 1);
  EXPECT_EQ(sample.slot_waits(), 2u);
  EXPECT_EQ(sample.slot_wait_ns(), 700);
  EXPECT_EQ(sample.read_delay_p99_ns(), 20);
}

TEST(PhaseHealth, NothingOfAPhaseIsLeftInTheNext) {
  FakeClock clock;
  PhaseHealth health(clock, nullptr);
  Exchange exchange;
  exchange.sent_ns = 5;
  exchange.send_call_ns = 30;
  health.OnRecord(exchange);
  health.OnStep(0, 50 * kNsPerMs);
  health.OnTick(50 * kNsPerMs);
  health.AddReadDelays({10, 20});
  health.SetSlotWaits({.count = 2, .total_ns = 700});
  health.BeginPhase(EngineCounters());
  EXPECT_EQ(health.Sample(0, 0).DebugString(),
            PhaseHealth(clock, nullptr).Sample(0, 0).DebugString());
}

}  // namespace
}  // namespace drumfire

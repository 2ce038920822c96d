// Do due times stay what they were, to the nanosecond? The hashes were taken from the first version
// of the schedule (one class, a branch per pattern). A change here changes what a plan means.
#include "common/schedule/arrival_times.h"

#include <cstdint>
#include <string>

#include "common/clock/clock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

constexpr uint64_t kSeed = 20261130;

// Timestamps 0, 7, 14, ... ms.
class TraceDataset : public Dataset {
 public:
  uint64_t size() const override { return 20'000; }
  EntryInfo Info(uint64_t id) const override {
    EntryInfo info;
    info.timestamp_ns = static_cast<int64_t>(id) * 7 * kNsPerMs;
    return info;
  }
  TurnInfo Turn(uint64_t, uint32_t) const override { return {}; }
  void AppendText(uint64_t, uint32_t, uint32_t, std::string*) const override {}
};

v1::Phase RatePhase(v1::ArrivalPattern pattern, double rate, double smoothness) {
  v1::Phase phase;
  phase.set_kind(v1::PHASE_PROFILING);
  phase.set_mode(v1::LOAD_RATE);
  phase.set_arrival_pattern(pattern);
  phase.set_request_rate(rate);
  phase.set_arrival_smoothness(smoothness);
  return phase;
}

// FNV-1a over the first 10,000 due times, low byte first.
uint64_t HashOfTimes(const v1::Phase& phase, uint32_t phase_index) {
  const TraceDataset dataset;
  ArrivalTimes times(phase, kSeed, phase_index, &dataset);
  uint64_t hash = 0xcbf29ce484222325;
  for (uint64_t k = 0; k < 10'000; ++k) {
    const auto due_ns = static_cast<uint64_t>(times.At(k));
    for (int shift = 0; shift < 64; shift += 8) {
      hash = (hash ^ (due_ns >> shift & 0xFF)) * 0x100000001b3;
    }
  }
  return hash;
}

// log and exp may differ in the last bit on other processors.
#if defined(__x86_64__)
TEST(ArrivalTimes, AreWhatTheyWere) {
  EXPECT_EQ(HashOfTimes(RatePhase(v1::ARRIVAL_CONSTANT, 7.7, 1), 0), 10872104870599412785u);
  EXPECT_EQ(HashOfTimes(RatePhase(v1::ARRIVAL_CONSTANT, 12'345.678, 1), 0), 1402084687880714289u);
  EXPECT_EQ(HashOfTimes(RatePhase(v1::ARRIVAL_POISSON, 7.7, 1), 0), 16175922855729739670u);
  EXPECT_EQ(HashOfTimes(RatePhase(v1::ARRIVAL_GAMMA, 7.7, 2.5), 0), 998274105024137174u);
  EXPECT_EQ(HashOfTimes(RatePhase(v1::ARRIVAL_GAMMA, 1000, 0.3), 0), 11917282367090001915u);
}

TEST(ArrivalTimes, OfAWarmupAreWhatTheyWere) {
  v1::Phase phase = RatePhase(v1::ARRIVAL_POISSON, 7.7, 1);
  phase.set_kind(v1::PHASE_WARMUP);
  EXPECT_EQ(HashOfTimes(phase, 0), 8587063333771285496u);
  EXPECT_EQ(HashOfTimes(phase, 1), 5580747346605785411u);
}
#endif

TEST(ArrivalTimes, OfATraceAreWhatTheyWere) {
  v1::Phase phase;
  phase.set_mode(v1::LOAD_FIXED_SCHEDULE);
  EXPECT_EQ(HashOfTimes(phase, 0), 2037930678692863045u);
}

}  // namespace
}  // namespace drumfire

// Does a list of segments give each arrival to the right segment, whoever leaves some out?
#include "common/schedule/segmented_arrivals.h"

#include <map>

#include "common/clock/clock.h"
#include "common/schedule/arrival_shapes.h"
#include "common/schedule/sped_up_arrivals.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

// Arrival k at k times the gap.
class Every : public ArrivalProcess {
 public:
  explicit Every(int64_t gap_ns) : gap_ns_(gap_ns) {}
  int64_t At(uint64_t k) override { return static_cast<int64_t>(k) * gap_ns_; }

 private:
  const int64_t gap_ns_;
};

// Every 10 ns until 35, then every 3 ns until 50, then every 100 ns.
SegmentedArrivals Staged(int64_t last_until_ns = kNever) {
  std::vector<ArrivalSegment> segments;
  segments.push_back({std::make_unique<Every>(10), 35});
  segments.push_back({std::make_unique<Every>(3), 50});
  segments.push_back({std::make_unique<Every>(100), last_until_ns});
  return SegmentedArrivals(std::move(segments));
}

TEST(SegmentedArrivals, OneEndlessSegmentIsItsShape) {
  std::vector<ArrivalSegment> segments;
  segments.push_back({std::make_unique<Every>(7)});
  SegmentedArrivals arrivals(std::move(segments));
  for (uint64_t k : {0, 1, 5, 5, 1000}) EXPECT_EQ(arrivals.At(k), static_cast<int64_t>(k) * 7);
}

TEST(SegmentedArrivals, ASegmentStartsWhereTheOneBeforeEnds) {
  SegmentedArrivals arrivals = Staged();
  const int64_t expected_ns[] = {0, 10, 20, 30, 35, 38, 41, 44, 47, 50, 150, 250};
  for (uint64_t k = 0; k < std::size(expected_ns); ++k) EXPECT_EQ(arrivals.At(k), expected_ns[k]);
}

TEST(SegmentedArrivals, ACallerThatLeavesArrivalsOutGetsTheSameTimes) {
  std::map<uint64_t, int64_t> all;
  SegmentedArrivals arrivals = Staged();
  for (uint64_t k = 0; k < 20; ++k) all[k] = arrivals.At(k);
  for (uint64_t stride = 1; stride < 20; ++stride) {
    for (uint64_t first = 0; first < stride; ++first) {
      SegmentedArrivals some = Staged();
      for (uint64_t k = first; k < 20; k += stride) EXPECT_EQ(some.At(k), all[k]) << k;
    }
  }
}

TEST(SegmentedArrivals, AnArrivalAtTheEndBelongsToTheNext) {
  std::vector<ArrivalSegment> segments;
  segments.push_back({std::make_unique<Every>(10), 20});
  segments.push_back({std::make_unique<Every>(1)});
  SegmentedArrivals arrivals(std::move(segments));
  EXPECT_EQ(arrivals.At(2), 20);
  EXPECT_EQ(arrivals.At(3), 21);
}

TEST(SegmentedArrivals, ASegmentMayEndBeforeItsSecondArrival) {
  std::vector<ArrivalSegment> segments;
  segments.push_back({std::make_unique<Every>(100), 50});
  segments.push_back({std::make_unique<Every>(60), 51});
  segments.push_back({std::make_unique<Every>(5)});
  SegmentedArrivals arrivals(std::move(segments));
  EXPECT_EQ(arrivals.At(0), 0);
  EXPECT_EQ(arrivals.At(1), 50);
  EXPECT_EQ(arrivals.At(2), 51);
  EXPECT_EQ(arrivals.At(3), 56);
}

TEST(SegmentedArrivals, NothingIsDueAfterTheLastEnd) {
  SegmentedArrivals arrivals = Staged(200);
  EXPECT_EQ(arrivals.At(10), 150);
  EXPECT_EQ(arrivals.At(11), kNever);
  EXPECT_EQ(arrivals.At(1000), kNever);
}

TEST(SpedUpArrivals, DividesEveryTime) {
  SpedUpArrivals faster(std::make_unique<Every>(10), 2.5);
  SpedUpArrivals slower(std::make_unique<Every>(10), 0.5);
  EXPECT_EQ(faster.At(0), 0);
  EXPECT_EQ(faster.At(3), 12);
  EXPECT_EQ(slower.At(3), 60);
}

v1::Phase PhaseOf(v1::LoadMode mode, int pattern) {
  v1::Phase phase;
  phase.set_mode(mode);
  phase.set_arrival_pattern(static_cast<v1::ArrivalPattern>(pattern));
  return phase;
}

TEST(ArrivalShapes, EachPatternHasOne) {
  for (int pattern = 0; pattern < v1::ArrivalPattern_ARRAYSIZE; ++pattern) {
    const ArrivalShape* shape = FindArrivalShape(PhaseOf(v1::LOAD_RATE, pattern));
    ASSERT_NE(shape, nullptr) << v1::ArrivalPattern_Name(pattern);
    EXPECT_EQ(shape->pattern, pattern);
    EXPECT_EQ(FindArrivalShape(PhaseOf(v1::LOAD_FIXED_SCHEDULE, pattern))->name, "fixed_schedule");
  }
}

TEST(ArrivalShapes, AClosedLoopAndAnUnknownPatternHaveNone) {
  EXPECT_EQ(FindArrivalShape(PhaseOf(v1::LOAD_CLOSED_LOOP, 0)), nullptr);
  EXPECT_EQ(FindArrivalShape(PhaseOf(v1::LOAD_RATE, 99)), nullptr);
}

TEST(ArrivalShapes, ABurstIsDueAtOnce) {
  const ArrivalShape* burst =
      FindArrivalShape(PhaseOf(v1::LOAD_RATE, v1::ARRIVAL_CONCURRENCY_BURST));
  EXPECT_TRUE(burst->slots_decide);
  const auto arrivals = burst->make({.draws = PhaseDraws({}, 1, 0)});
  EXPECT_EQ(arrivals->At(1'000'000), 0);
}

TEST(PhaseDraws, PhasesAndSegmentsDrawDifferentValues) {
  v1::Phase warmup, measured;
  measured.set_kind(v1::PHASE_PROFILING);
  const auto bits = [](const PhaseDraws& draws) {
    return draws.Of(RandomStream::kArrivals, 3).Bits();
  };
  EXPECT_NE(bits({warmup, 1, 0}), bits({warmup, 1, 1}));
  EXPECT_NE(bits({warmup, 1, 0}), bits({measured, 1, 0}));
  EXPECT_NE(bits({measured, 1, 0, 0}), bits({measured, 1, 0, 1}));
  EXPECT_EQ(bits({measured, 1, 0}), bits({measured, 1, 2}));
}

}  // namespace
}  // namespace drumfire

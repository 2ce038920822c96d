// Do faults come at their rates, and the same for the same seed?
#include "tools/mock_server/fault.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace drumfire::mock {
namespace {

constexpr uint64_t kRequests = 20'000;

TEST(RequestFault, NoneWithoutRates) {
  for (uint64_t i = 0; i < 100; ++i) EXPECT_EQ(DrawFault({}, 1, i).kind, FaultKind::kNone);
}

TEST(RequestFault, ComesAtItsRate) {
  const FaultRates rates = {
      .error = 5, .reset = 4, .hang = 3, .stall = 2, .truncate = 6, .stream_error = 10};
  std::map<FaultKind, double> percent;
  for (uint64_t i = 0; i < kRequests; ++i) {
    percent[DrawFault(rates, 9, i).kind] += 100.0 / kRequests;
  }
  EXPECT_NEAR(percent[FaultKind::kError], 5, 0.7);
  EXPECT_NEAR(percent[FaultKind::kReset], 4, 0.7);
  EXPECT_NEAR(percent[FaultKind::kHang], 3, 0.7);
  EXPECT_NEAR(percent[FaultKind::kStall], 2, 0.7);
  EXPECT_NEAR(percent[FaultKind::kTruncate], 6, 0.7);
  EXPECT_NEAR(percent[FaultKind::kStreamError], 10, 0.9);
  EXPECT_NEAR(percent[FaultKind::kNone], 70, 1.2);
}

TEST(RequestFault, BadAnswersComeAtTheirRates) {
  const FaultRates rates = {
      .empty = 5, .finish_error = 4, .open_body = 3, .odd_usage = 10, .unfinished = 6};
  std::map<FaultKind, double> percent;
  std::set<OddUsage> kinds;
  for (uint64_t i = 0; i < kRequests; ++i) {
    const RequestFault fault = DrawFault(rates, 9, i);
    percent[fault.kind] += 100.0 / kRequests;
    kinds.insert(fault.odd_usage);
  }
  EXPECT_NEAR(percent[FaultKind::kEmpty], 5, 0.7);
  EXPECT_NEAR(percent[FaultKind::kFinishError], 4, 0.7);
  EXPECT_NEAR(percent[FaultKind::kOpenBody], 3, 0.7);
  EXPECT_NEAR(percent[FaultKind::kUnfinished], 6, 0.7);
  EXPECT_NEAR(percent[FaultKind::kOddUsage], 10, 0.9);
  EXPECT_EQ(kinds.size(), std::size(kOddUsages));
}

TEST(RequestFault, HundredPercentSparesNobody) {
  for (uint64_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(DrawFault({.stall = 100}, 3, i).kind, FaultKind::kStall);
  }
}

TEST(RequestFault, IsAFunctionOfSeedAndIndex) {
  const FaultRates rates = {.error = 50};
  int differing = 0;
  for (uint64_t i = 0; i < 200; ++i) {
    EXPECT_EQ(DrawFault(rates, 1, i).kind, DrawFault(rates, 1, i).kind);
    EXPECT_EQ(DrawFault(rates, 1, i).position, DrawFault(rates, 1, i).position);
    differing += DrawFault(rates, 1, i).kind != DrawFault(rates, 2, i).kind;
  }
  EXPECT_GT(differing, 0);
}

TEST(RequestFault, ErrorsComeInAllThreeShapes) {
  std::set<ErrorCase> shapes;
  for (uint64_t i = 0; i < 100; ++i) shapes.insert(DrawFault({.error = 100}, 1, i).error);
  EXPECT_EQ(shapes.size(), 3u);
}

}  // namespace
}  // namespace drumfire::mock

// Is a connection's end told from a server's error by its time?
#include "worker/engine/stale_connection.h"

#include <unistd.h>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(StaleConnection, NoSocketHasNoRoundTrip) {
  EXPECT_EQ(ShortestRoundTripNs(-1), 0);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_EQ(ShortestRoundTripNs(ends[0]), 0);
  for (const int end : ends) close(end);
}

TEST(StaleConnection, NearbyByTheFloor) {
  EXPECT_TRUE(IsStale(0, 0));
  EXPECT_TRUE(IsStale(kStaleFloorNs, 0));
  EXPECT_FALSE(IsStale(kStaleFloorNs + 1, 0));
  EXPECT_FALSE(IsStale(kStaleFloorNs + 1, 100 * kNsPerUs));
}

TEST(StaleConnection, FarAwayByRoundTrips) {
  constexpr int64_t kRoundTripNs = 150 * kNsPerMs;
  EXPECT_TRUE(IsStale(kRoundTripNs, kRoundTripNs));
  EXPECT_TRUE(IsStale(kStaleRoundTrips * kRoundTripNs, kRoundTripNs));
  EXPECT_FALSE(IsStale(kStaleRoundTrips * kRoundTripNs + 1, kRoundTripNs));
}

}  // namespace
}  // namespace drumfire

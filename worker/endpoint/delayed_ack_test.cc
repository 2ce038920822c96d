// Is a delayed acknowledgement recognised, and is no thinking server taken for one?
#include "worker/endpoint/delayed_ack.h"

#include <vector>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

struct Read {
  double ms;
  uint32_t chunks;
};

int64_t WaitedMs(const std::vector<Read>& reads) {
  DelayedAckWatch watch;
  watch.Start();
  uint32_t chunks = 0;
  for (const Read& read : reads) {
    watch.OnRead(static_cast<int64_t>(read.ms * kNsPerMs), chunks, chunks + read.chunks);
    chunks += read.chunks;
  }
  return watch.WaitedNs() / kNsPerMs;
}

TEST(DelayedAck, HeadSilenceBurstThenOneByOne) {
  EXPECT_EQ(WaitedMs({{0, 0}, {41, 5}, {44, 1}, {47, 1}, {50, 1}}), 41);
}

TEST(DelayedAck, HeadMayCarryTheFirstEvent) {
  EXPECT_EQ(WaitedMs({{0, 1}, {40, 4}, {50, 1}, {60, 1}}), 40);
}

TEST(DelayedAck, ABurstReadInTwoPiecesIsOne) {
  EXPECT_EQ(WaitedMs({{0, 0}, {0.1, 0}, {41, 1}, {41.2, 3}, {44, 1}}), 40);
}

TEST(DelayedAck, AnAnswerThatTheBurstEnds) { EXPECT_EQ(WaitedMs({{0, 0}, {41, 4}}), 41); }

TEST(DelayedAck, AServerThatThinks) { EXPECT_EQ(WaitedMs({{0, 0}, {41, 1}, {44, 1}, {47, 1}}), 0); }

TEST(DelayedAck, AServerThatAlwaysSendsSeveralTogether) {
  EXPECT_EQ(WaitedMs({{0, 0}, {41, 4}, {51, 4}, {61, 4}, {71, 4}}), 0);
}

TEST(DelayedAck, TwoChunksAreAWeakSignOfAnExactDelay) {
  EXPECT_EQ(WaitedMs({{0, 0}, {41, 2}, {44, 1}, {47, 1}}), 41);
  EXPECT_EQ(WaitedMs({{0, 0}, {50, 2}, {53, 1}, {56, 1}}), 0);
  EXPECT_EQ(WaitedMs({{0, 0}, {37, 2}, {40, 1}, {43, 1}}), 0);
  EXPECT_EQ(WaitedMs({{0, 0}, {41, 2}}), 0);
  EXPECT_EQ(WaitedMs({{0, 0}, {41, 2}, {44, 2}, {47, 1}}), 0);
}

TEST(DelayedAck, ChunksThatMeetByChanceOnABusyHost) {
  EXPECT_EQ(WaitedMs({{0, 0}, {44, 3}, {47, 1}, {53, 2}, {59, 2}}), 0);
}

TEST(DelayedAck, OtherSilences) {
  EXPECT_EQ(WaitedMs({{0, 0}, {20, 3}, {23, 1}, {26, 1}}), 0);
  EXPECT_EQ(WaitedMs({{0, 0}, {200, 3}, {203, 1}, {206, 1}}), 0);
}

TEST(DelayedAck, OnlyTheFirstSilenceCounts) {
  EXPECT_EQ(WaitedMs({{0, 0}, {5, 1}, {46, 3}, {49, 1}, {52, 1}}), 0);
}

TEST(DelayedAck, NothingReadNothingSeen) {
  EXPECT_EQ(WaitedMs({}), 0);
  EXPECT_EQ(WaitedMs({{0, 0}}), 0);
}

}  // namespace
}  // namespace drumfire

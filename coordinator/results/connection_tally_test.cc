// Do the records' connections add up to the report's figures?
#include "coordinator/results/connection_tally.h"

#include <gmock/gmock.h>

#include "common/metrics/test_records.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using test_records::kMs;

v1::Record Reused(uint64_t k) {
  v1::Record record = test_records::Streamed(k, 2);
  record.set_connection_reused(true);
  return record;
}

TEST(ConnectionTally, NothingAddsUpToNothing) {
  const ConnectionTally tally;
  EXPECT_EQ(tally.DelayedAckShare(), 0);
  EXPECT_EQ(SentAgainNote(tally), "");
}

TEST(ConnectionTally, ARequestSentAtTheStartOfThePhaseCounts) {
  ConnectionTally tally;
  v1::Record record = Reused(0);
  record.set_sent_ns(0);
  tally.Add(record);
  EXPECT_EQ(tally.reused_streams, 1u);
}

TEST(ConnectionTally, CountsNewAndReplacingOnes) {
  ConnectionTally tally;
  tally.Add(Reused(0));
  v1::Record grown = test_records::Streamed(1, 2);
  grown.set_connection_reused(false);
  tally.Add(grown);
  v1::Record replacing = grown;
  replacing.set_connection_replaced(true);
  tally.Add(replacing);
  EXPECT_EQ(tally.opened, 2u);
  EXPECT_EQ(tally.replacing, 1u);
}

TEST(ConnectionTally, TellsWhatWasSentAgain) {
  ConnectionTally tally;
  v1::Record again = Reused(0);
  again.set_retries(1);
  again.set_stale_connection_ns(30 * kMs);
  tally.Add(again);
  tally.Add(Reused(1));
  EXPECT_EQ(tally.sent_again, 1u);
  EXPECT_THAT(SentAgainNote(tally), testing::HasSubstr("1 request(s) were sent again"));
  EXPECT_THAT(SentAgainNote(tally), testing::HasSubstr("median 30.0 ms"));
}

v1::Record Waited(uint64_t k, uint32_t chunks) {
  v1::Record waited = Reused(k);
  waited.set_delayed_ack_ns(41 * kMs);
  waited.set_delayed_ack_chunks(chunks);
  return waited;
}

TEST(ConnectionTally, DelayedAcknowledgementsAreAShareOfReusedStreams) {
  ConnectionTally tally;
  for (int i = 0; i < 2; ++i) tally.Add(Reused(i));
  tally.Add(Waited(2, 2));
  tally.Add(Waited(3, 3));
  v1::Record failed = Waited(4, 3);
  failed.set_outcome(v1::OUTCOME_FAILED);
  tally.Add(failed);
  EXPECT_DOUBLE_EQ(tally.DelayedAckShare(), 0.5);
  EXPECT_DOUBLE_EQ(tally.ClearDelayedAckShare(), 0.25);
}

// The kernel acknowledges the first segments of a new connection at once, so a server that sends
// its first two chunks together there as well does so by itself.
TEST(ConnectionTally, WeakSignsThatNewConnectionsShowTooAreNone) {
  ConnectionTally tally;
  for (int i = 0; i < 4; ++i) tally.Add(Waited(i, 2));
  EXPECT_DOUBLE_EQ(tally.DelayedAckShare(), 1);
  for (int i = 4; i < 6; ++i) {
    v1::Record fresh = Waited(i, 2);
    fresh.set_connection_reused(false);
    tally.Add(fresh);
  }
  EXPECT_DOUBLE_EQ(tally.DelayedAckShare(), 0);
}

}  // namespace
}  // namespace drumfire

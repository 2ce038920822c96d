// Is every batch kept until it is acked, sent again when it must be, and never more held than
// allowed?
#include "worker/sink/unacked_batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace drumfire {
namespace {

constexpr int64_t kResendAfterNs = 100;
constexpr size_t kAmpleBytes = 1 << 20;

std::vector<std::string> SendAllDue(UnackedBatches* buffer, int64_t now_ns) {
  std::vector<std::string> sent;
  while (const std::string* frame = buffer->Due(now_ns)) {
    sent.push_back(*frame);
    buffer->MarkSent(now_ns);
  }
  return sent;
}

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(UnackedBatchesTest, RefusesAckOfBatchNeverMade) {
  UnackedBatches buffer(kAmpleBytes, kResendAfterNs);
  buffer.Add("a");
  EXPECT_EQ(buffer.Ack(2).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(buffer.held_batches(), 1u);
}

TEST(UnackedBatchesTest, OldAndRepeatedAcksHaveNoEffect) {
  UnackedBatches buffer(kAmpleBytes, kResendAfterNs);
  for (const char* frame : {"a", "b", "c"}) buffer.Add(frame);
  ASSERT_TRUE(buffer.Ack(2).ok());
  EXPECT_TRUE(buffer.Ack(2).ok());
  EXPECT_TRUE(buffer.Ack(0).ok());
  EXPECT_EQ(buffer.held_batches(), 1u);
  EXPECT_THAT(SendAllDue(&buffer, 0), ElementsAre("c"));
}

TEST(UnackedBatchesTest, FullBufferRefusesAndKeepsTheNumberFree) {
  UnackedBatches buffer(2 * (UnackedBatches::kBatchOverheadBytes + 1), kResendAfterNs);
  EXPECT_TRUE(buffer.Add("a"));
  EXPECT_TRUE(buffer.Add("b"));
  EXPECT_FALSE(buffer.Add("c"));
  EXPECT_EQ(buffer.next_sequence(), 3u);
  ASSERT_TRUE(buffer.Ack(1).ok());
  EXPECT_TRUE(buffer.Add("d"));
  EXPECT_EQ(buffer.next_sequence(), 4u);
}

TEST(UnackedBatchesTest, EveryByteIsGivenBackByAcks) {
  UnackedBatches buffer(kAmpleBytes, kResendAfterNs);
  for (int i = 0; i < 100; ++i) buffer.Add(std::string(i, 'x'));
  EXPECT_GT(buffer.held_bytes(), 0u);
  ASSERT_TRUE(buffer.Ack(100).ok());
  EXPECT_EQ(buffer.held_bytes(), 0u);
  EXPECT_EQ(buffer.NextDueNs(), INT64_MAX);
  EXPECT_EQ(buffer.Due(INT64_MAX), nullptr);
}

TEST(UnackedBatchesTest, SendsInOrderAndOnlyOnceBeforeTheWaitIsOver) {
  UnackedBatches buffer(kAmpleBytes, kResendAfterNs);
  for (const char* frame : {"a", "b", "c"}) buffer.Add(frame);
  EXPECT_THAT(SendAllDue(&buffer, 10), ElementsAre("a", "b", "c"));
  EXPECT_THAT(SendAllDue(&buffer, 10 + kResendAfterNs - 1), IsEmpty());
  EXPECT_EQ(buffer.resends(), 0u);
}

TEST(UnackedBatchesTest, BatchThatTheSocketRefusedStaysDue) {
  UnackedBatches buffer(kAmpleBytes, kResendAfterNs);
  buffer.Add("a");
  ASSERT_NE(buffer.Due(0), nullptr);  // and no MarkSent
  EXPECT_THAT(SendAllDue(&buffer, 0), ElementsAre("a"));
}

TEST(UnackedBatchesTest, SendsAgainWhatIsNotAckedInTime) {
  UnackedBatches buffer(kAmpleBytes, kResendAfterNs);
  for (const char* frame : {"a", "b"}) buffer.Add(frame);
  SendAllDue(&buffer, 0);
  ASSERT_TRUE(buffer.Ack(1).ok());
  EXPECT_EQ(buffer.NextDueNs(), kResendAfterNs);
  EXPECT_THAT(SendAllDue(&buffer, kResendAfterNs), ElementsAre("b"));
  EXPECT_EQ(buffer.resends(), 1u);
}

TEST(UnackedBatchesTest, NewBatchesDoNotWaitBehindResends) {
  UnackedBatches buffer(kAmpleBytes, kResendAfterNs);
  buffer.Add("a");
  SendAllDue(&buffer, 0);
  buffer.Add("b");
  EXPECT_THAT(SendAllDue(&buffer, kResendAfterNs), ElementsAre("b", "a"));
}

TEST(UnackedBatchesTest, WaitDoublesUpToItsBound) {
  UnackedBatches buffer(kAmpleBytes, kResendAfterNs);
  buffer.Add("a");
  int64_t now_ns = 0;
  std::vector<int64_t> waits;
  for (int i = 0; i < 7; ++i) {
    EXPECT_THAT(SendAllDue(&buffer, now_ns), ElementsAre("a"));
    waits.push_back(buffer.NextDueNs() - now_ns);
    now_ns = buffer.NextDueNs();
  }
  EXPECT_THAT(waits, ElementsAre(100, 200, 400, 400, 400, 400, 400));
}

TEST(UnackedBatchesTest, ReconnectSendsAllThatIsNotAckedAgain) {
  UnackedBatches buffer(kAmpleBytes, kResendAfterNs);
  for (const char* frame : {"a", "b", "c"}) buffer.Add(frame);
  SendAllDue(&buffer, 0);
  ASSERT_TRUE(buffer.Ack(1).ok());
  buffer.ResendAll();
  EXPECT_THAT(SendAllDue(&buffer, 1), ElementsAre("b", "c"));
}

}  // namespace
}  // namespace drumfire

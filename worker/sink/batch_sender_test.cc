// Are batches numbered, sent when due, kept until they are acked, and refused past the bound?
#include "worker/sink/batch_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/record/frame.h"

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FakeLink : public RecordLink, private LoopWaiter {
 public:
  bool Send(const std::string& frame) override {
    if (is_full) return false;
    const auto payload = ReadWholeFrame(frame);
    EXPECT_TRUE(payload.ok());
    EXPECT_TRUE(last.ParseFromArray(payload->data(), static_cast<int>(payload->size())));
    sent.push_back(last.sequence());
    return true;
  }
  LoopWaiter* waiter() override { return has_waiter ? this : nullptr; }

  bool has_waiter = false;
  bool is_full = false;
  std::vector<uint64_t> sent;
  v1::RecordBatch last;

 private:
  void WaitUntil(int64_t) override {}
  void Wake() override {}
};

class BatchSenderTest : public ::testing::Test {
 protected:
  BatchSenderTest() {
    options_.run_id = "0123456789abcdef";
    options_.worker = 3;
    options_.epoch = 2;
    options_.resend_after_ns = 1000;
  }
  void Start() {
    sender_ = std::make_unique<BatchSender>(options_, &link_, [this] { ++wakes_; });
  }
  bool AddOne(uint64_t k) {
    v1::RecordBatch batch;
    batch.add_records()->set_session(k);
    return sender_->AddBatch(&batch);
  }

  BatchSenderOptions options_;
  FakeLink link_;
  std::unique_ptr<BatchSender> sender_;
  int wakes_ = 0;
};

TEST_F(BatchSenderTest, AFullBufferRefusesUntilAnAck) {
  options_.buffer_bytes = 1000;
  Start();
  uint64_t kept = 0;
  while (AddOne(kept)) ++kept;
  EXPECT_GT(kept, 0u);
  EXPECT_EQ(sender_->counters().last_sequence, kept);
  EXPECT_LE(sender_->counters().held_bytes, options_.buffer_bytes);
  ASSERT_TRUE(sender_->Ack(kept).ok());
  EXPECT_EQ(sender_->counters().held_bytes, 0u);
  EXPECT_TRUE(AddOne(kept));
}

TEST_F(BatchSenderTest, RefusesABatchAboveAFramesBoundAndKeepsItsNumberFree) {
  Start();
  v1::RecordBatch batch;
  batch.add_records()->mutable_error()->set_message(std::string(kMaxFramePayloadBytes, 'x'));
  EXPECT_FALSE(sender_->AddBatch(&batch));
  EXPECT_EQ(sender_->counters().last_sequence, 0u);
  EXPECT_EQ(wakes_, 0);
}

TEST_F(BatchSenderTest, RefusesAckOfABatchNeverMade) {
  Start();
  EXPECT_EQ(sender_->Ack(1).code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(BatchSenderTest, EveryBatchNamesItsRunAndItsNumber) {
  Start();
  AddOne(41);
  EXPECT_EQ(wakes_, 1);
  AddOne(42);
  sender_->Step(0);
  EXPECT_THAT(link_.sent, ElementsAre(1, 2));
  EXPECT_EQ(link_.last.run_id(), options_.run_id);
  EXPECT_EQ(link_.last.worker(), 3u);
  EXPECT_EQ(link_.last.epoch(), 2u);
  EXPECT_EQ(link_.last.records(0).session(), 42u);
}

TEST_F(BatchSenderTest, AFullLinkThatCannotTellIsTriedAgainSoon) {
  Start();
  AddOne(0);
  link_.is_full = true;
  EXPECT_EQ(sender_->Step(7), 7 + 5 * kNsPerMs);
  EXPECT_THAT(link_.sent, IsEmpty());
}

TEST_F(BatchSenderTest, AFullLinkKeepsTheBatchAndWaitsToBeWoken) {
  link_.has_waiter = true;
  Start();
  AddOne(0);
  link_.is_full = true;
  EXPECT_EQ(sender_->Step(0), kNever);
  EXPECT_THAT(link_.sent, IsEmpty());
  link_.is_full = false;
  EXPECT_EQ(sender_->Step(5), 1005);
  EXPECT_THAT(link_.sent, ElementsAre(1));
}

TEST_F(BatchSenderTest, SendsAgainWhatIsNotAckedInTime) {
  Start();
  AddOne(0);
  AddOne(1);
  EXPECT_EQ(sender_->Step(0), 1000);
  ASSERT_TRUE(sender_->Ack(1).ok());
  EXPECT_EQ(sender_->Step(999), 1000);
  EXPECT_THAT(link_.sent, ElementsAre(1, 2));
  sender_->Step(1000);
  EXPECT_THAT(link_.sent, ElementsAre(1, 2, 2));
  EXPECT_EQ(sender_->counters().resends, 1u);
  ASSERT_TRUE(sender_->Ack(2).ok());
  EXPECT_EQ(sender_->Step(1'000'000), kNever);
}

TEST_F(BatchSenderTest, ACoordinatorThatCameBackGetsAllThatIsNotAckedAtOnce) {
  Start();
  for (uint64_t k : {1, 2, 3}) AddOne(k);
  sender_->Step(0);
  ASSERT_TRUE(sender_->Ack(1).ok());
  wakes_ = 0;
  sender_->ResendUnacked();
  EXPECT_EQ(wakes_, 1);
  sender_->Step(1);
  EXPECT_THAT(link_.sent, ElementsAre(1, 2, 3, 2, 3));
}

}  // namespace
}  // namespace drumfire

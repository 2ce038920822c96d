// Does exactly what is whole, ours and new get through, and is only that acked?
#include "coordinator/ingest/batch_intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/ingest/testing.h"

namespace drumfire {
namespace {

using ::drumfire::testutil::CollectingConsumer;
using ::drumfire::testutil::FakeDisk;
using ::drumfire::testutil::FakeJournalFile;
using ::drumfire::testutil::Framed;
using ::drumfire::testutil::kRunId;
using ::drumfire::testutil::MakeBatch;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BatchIntakeTest : public ::testing::Test {
 protected:
  BatchIntakeTest() : intake_(kRunId, &consumer_, nullptr) { intake_.AddWorker(0, 1); }

  CollectingConsumer consumer_;
  BatchIntake intake_;
};

TEST_F(BatchIntakeTest, DropsDamagedFramesWithoutAck) {
  std::string damaged = Framed(MakeBatch(1));
  damaged.back() ^= 1;
  intake_.Take(damaged);
  intake_.Take("");
  intake_.Take("HTTP/1.1 200 OK\r\n\r\n");
  intake_.AckTaken();
  EXPECT_EQ(intake_.counters().damaged, 3u);
  EXPECT_THAT(consumer_.ks(), IsEmpty());
  EXPECT_THAT(consumer_.acks(), IsEmpty());
}

TEST_F(BatchIntakeTest, DropsAFrameThatHoldsNoBatch) {
  v1::RequestError not_a_batch;
  not_a_batch.set_reason("refused");
  std::string frame;
  ASSERT_TRUE(AppendFrame(not_a_batch, &frame).ok());
  intake_.Take(frame);
  EXPECT_EQ(intake_.counters().damaged + intake_.counters().foreign, 1u);
  EXPECT_THAT(consumer_.ks(), IsEmpty());
}

TEST_F(BatchIntakeTest, NothingOfAWorkerCountsFromItsFirstImpossibleRecordOn) {
  v1::Plan plan;
  const FakeClock clock;
  RecordGate gate(plan, clock);
  BatchIntake intake(kRunId, &consumer_, nullptr, &gate);
  intake.AddWorker(0, 1);
  intake.Take(Framed(MakeBatch(1)));
  intake.Take(Framed(MakeBatch(2)));
  intake.AckTaken();
  EXPECT_THAT(consumer_.ks(), IsEmpty());
  EXPECT_EQ(intake.counters().records, 0u);
  ASSERT_EQ(intake.refusals().size(), 1u);
  EXPECT_THAT(intake.refusals().at(0), ::testing::HasSubstr("phase cannot be 0"));
}

TEST_F(BatchIntakeTest, DropsNumberZero) {
  intake_.Take(Framed(MakeBatch(0)));
  EXPECT_EQ(intake_.counters().damaged, 1u);
}

TEST_F(BatchIntakeTest, DropsOtherRunsWorkersAndEpochs) {
  v1::RecordBatch other_run = MakeBatch(1);
  other_run.set_run_id("fedcba9876543210");
  v1::RecordBatch other_worker = MakeBatch(1);
  other_worker.set_worker(7);
  v1::RecordBatch other_epoch = MakeBatch(1);
  other_epoch.set_epoch(2);
  for (const v1::RecordBatch& batch : {other_run, other_worker, other_epoch}) {
    intake_.Take(Framed(batch));
  }
  intake_.AckTaken();
  EXPECT_EQ(intake_.counters().foreign, 3u);
  EXPECT_THAT(consumer_.ks(), IsEmpty());
  EXPECT_THAT(consumer_.acks(), IsEmpty());
}

TEST_F(BatchIntakeTest, DropsRepeatsButAcksThemAgain) {
  intake_.Take(Framed(MakeBatch(1, 1, 41)));
  intake_.AckTaken();
  intake_.Take(Framed(MakeBatch(1, 1, 41)));
  intake_.AckTaken();
  EXPECT_EQ(intake_.counters().repeats, 1u);
  EXPECT_THAT(consumer_.ks(), ElementsAre(41));
  EXPECT_THAT(consumer_.acks(),
              ElementsAre(CollectingConsumer::Ack{0, 1, 1}, CollectingConsumer::Ack{0, 1, 1}));
}

TEST_F(BatchIntakeTest, AcksOnlyUpToTheFirstGap) {
  for (uint64_t sequence : {1, 3, 4}) intake_.Take(Framed(MakeBatch(sequence, 1, sequence)));
  intake_.AckTaken();
  EXPECT_THAT(consumer_.ks(), ElementsAre(1, 3, 4));
  EXPECT_THAT(consumer_.acks(), ElementsAre(CollectingConsumer::Ack{0, 1, 1}));
  EXPECT_EQ(intake_.Progress(0).missing, 1u);
  intake_.Take(Framed(MakeBatch(2, 1, 2)));
  intake_.AckTaken();
  EXPECT_EQ(consumer_.acks().back().sequence, 4u);
}

TEST_F(BatchIntakeTest, ANewEpochStartsAnewAndShutsOutTheOldOne) {
  intake_.Take(Framed(MakeBatch(1, 1, 10)));
  intake_.AddWorker(0, 2);
  intake_.Take(Framed(MakeBatch(2, 1, 11)));
  v1::RecordBatch renewed = MakeBatch(1, 1, 12);
  renewed.set_epoch(2);
  intake_.Take(Framed(renewed));
  EXPECT_THAT(consumer_.ks(), ElementsAre(10, 12));
  EXPECT_EQ(intake_.counters().foreign, 1u);
  EXPECT_EQ(intake_.Progress(0).records, 1u);
}

TEST_F(BatchIntakeTest, ANewEpochBeforeTheAckIsAckedAsItself) {
  intake_.Take(Framed(MakeBatch(1)));
  intake_.AddWorker(0, 2);
  intake_.AckTaken();
  EXPECT_THAT(consumer_.acks(), ElementsAre(CollectingConsumer::Ack{0, 2, 0}));
}

TEST_F(BatchIntakeTest, TheSameEpochAgainKeepsItsLedger) {
  intake_.Take(Framed(MakeBatch(1, 1, 10)));
  intake_.AddWorker(0, 1);
  intake_.Take(Framed(MakeBatch(1, 1, 10)));
  EXPECT_THAT(consumer_.ks(), ElementsAre(10));
}

TEST_F(BatchIntakeTest, CountsRecordsPerWorker) {
  intake_.AddWorker(5, 1);
  v1::RecordBatch of_five = MakeBatch(1, 3);
  of_five.set_worker(5);
  intake_.Take(Framed(of_five));
  intake_.Take(Framed(MakeBatch(1, 2)));
  EXPECT_EQ(intake_.Progress(5).records, 3u);
  EXPECT_EQ(intake_.Progress(0).records, 2u);
  EXPECT_EQ(intake_.Progress(6).records, 0u);
  EXPECT_EQ(intake_.counters().records, 5u);
  EXPECT_EQ(intake_.counters().batches, 2u);
}

TEST(BatchIntakeJournalTest, WritesEachTakenBatchOnceAsItCame) {
  FakeDisk disk;
  CollectingConsumer consumer;
  {
    const auto journal =
        Journal::Create(std::make_unique<FakeJournalFile>(&disk), testutil::MakeHeader(), nullptr);
    ASSERT_TRUE(journal.ok()) << journal.status();
    BatchIntake intake(kRunId, &consumer, journal->get());
    intake.AddWorker(0, 1);
    for (uint64_t sequence : {1, 1, 2}) intake.Take(Framed(MakeBatch(sequence)));
  }
  const std::string type(1, static_cast<char>(JournalEntryType::kRecordBatch));
  EXPECT_EQ(disk.bytes.substr(kJournalHeaderBytes),
            type + Framed(MakeBatch(1)) + type + Framed(MakeBatch(2)));
}

}  // namespace
}  // namespace drumfire

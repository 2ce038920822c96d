// Does the intake refuse bad workers, relink those that come back, and acknowledge only what the
// journal has?
#include "coordinator/ingest/record_intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/loop/testing.h"
#include "common/record/link_keys.h"
#include "coordinator/ingest/testing.h"

namespace drumfire {
namespace {

using ::drumfire::testutil::CollectingConsumer;
using ::drumfire::testutil::FakeDisk;
using ::drumfire::testutil::FakeJournalFile;
using ::drumfire::testutil::FakeRecordTransport;
using ::drumfire::testutil::Framed;
using ::drumfire::testutil::kRunId;
using ::drumfire::testutil::MakeBatch;
using ::drumfire::testutil::MakeHeader;
using ::drumfire::testutil::ManualLoops;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string& Key() {
  static const auto* const kKey = new std::string(kLinkKeyBytes, 'k');
  return *kKey;
}

// Acks must not come before the journal has what they acknowledge.
class AckingAfterWrites : public CollectingConsumer {
 public:
  explicit AckingAfterWrites(const FakeDisk* disk) : disk_(disk) {}
  void OnAck(uint32_t worker, uint64_t epoch, uint64_t sequence) override {
    EXPECT_GT(disk_->bytes.size(), kJournalHeaderBytes);
    CollectingConsumer::OnAck(worker, epoch, sequence);
  }

 private:
  const FakeDisk* const disk_;
};

class RecordIntakeTest : public ::testing::Test {
 protected:
  void Add(uint32_t worker, uint64_t epoch, const std::string& endpoint) {
    intake_.AddWorker({worker, epoch, endpoint, Key()});
  }
  void Arrive(uint32_t worker, uint64_t epoch, uint64_t sequence) {
    v1::RecordBatch batch = MakeBatch(sequence, 1, sequence);
    batch.set_worker(worker);
    batch.set_epoch(epoch);
    transport_.frames.push_back(Framed(batch));
  }

  FakeDisk disk_;
  AckingAfterWrites consumer_{&disk_};
  FakeRecordTransport transport_;
  std::unique_ptr<Journal> journal_ =
      *Journal::Create(std::make_unique<FakeJournalFile>(&disk_), MakeHeader(), nullptr);
  RecordIntake intake_{kRunId, &transport_, &consumer_, journal_.get()};
};

TEST_F(RecordIntakeTest, AWorkerWithoutEndpointOrKeyIsNamed) {
  intake_.AddWorker({3, 1, "", Key()});
  EXPECT_EQ(intake_.IsLinked(3).status().message(), "worker 3 has no records endpoint");
  intake_.AddWorker({4, 1, "a", "short"});
  EXPECT_EQ(intake_.IsLinked(4).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(intake_.IsLinked(4).status().message(), HasSubstr("worker 4 sent no key"));
  EXPECT_THAT(transport_.connected, IsEmpty());
}

TEST_F(RecordIntakeTest, AnEndpointThatIsNoneIsNamedAndItsRecordsAreForeign) {
  transport_.refuses_endpoints = true;
  Add(0, 1, "nonsense");
  EXPECT_THAT(intake_.IsLinked(0).status().message(), HasSubstr("\"nonsense\" of worker 0"));
  Arrive(0, 1, 1);
  intake_.Step(0);
  EXPECT_EQ(intake_.counters().foreign, 1u);
}

TEST_F(RecordIntakeTest, ALinkThatRefusesOrIsNotUpIsToldWithItsCause) {
  transport_.comes_up = false;
  Add(0, 1, "a");
  EXPECT_FALSE(*intake_.IsLinked(0));
  EXPECT_EQ(intake_.LinkFault(0), "records of worker 0 cannot be fetched from a: no connection");
  transport_.states["a"] = {.refused = true, .cause = "it said no"};
  transport_.has_changes = true;
  intake_.Step(0);
  EXPECT_EQ(intake_.IsLinked(0).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(intake_.LinkFault(0), HasSubstr("it said no"));
}

TEST_F(RecordIntakeTest, NobodyKnowsAWorkerThatWasNotAdded) {
  EXPECT_FALSE(*intake_.IsLinked(9));
  EXPECT_FALSE(intake_.HasAll(9, 1));
  EXPECT_TRUE(intake_.HasAll(9, 0)) << "nothing is all of nothing";
  EXPECT_EQ(intake_.LinkFault(9), "no link to the records of worker 9");
}

TEST_F(RecordIntakeTest, LinkChangesAreSeenThoughRecordsNeverPause) {
  transport_.comes_up = false;
  Add(0, 1, "a");
  for (uint64_t sequence = 1; sequence <= 200; ++sequence) Arrive(0, 1, sequence);
  transport_.states["a"].was_up = true;
  transport_.has_changes = true;
  EXPECT_EQ(intake_.Step(7), 7) << "frames wait: at once again";
  EXPECT_TRUE(*intake_.IsLinked(0));
  EXPECT_FALSE(intake_.HasAll(0, 200));
}

TEST_F(RecordIntakeTest, AStepTakesABoundedNumberOfFramesAndThenRests) {
  Add(0, 1, "a");
  const uint64_t sent = 2 * RecordIntake::kFramesPerStep;
  for (uint64_t sequence = 1; sequence <= sent; ++sequence) Arrive(0, 1, sequence);
  EXPECT_EQ(intake_.Step(1), 1);
  EXPECT_EQ(intake_.Progress(0).complete_up_to, sent / 2);
  EXPECT_EQ(intake_.Step(2), 2);
  EXPECT_TRUE(intake_.HasAll(0, sent));
  EXPECT_EQ(intake_.Step(3), kNever);
  EXPECT_THAT(consumer_.acks(), ElementsAre(CollectingConsumer::Ack{0, 1, sent / 2},
                                            CollectingConsumer::Ack{0, 1, sent}));
}

// The journal's loop has no turn: so long the disk is busy.
class SlowDiskTest : public RecordIntakeTest {
 protected:
  SlowDiskTest() {
    slow_.AddWorker({0, 1, "a", Key()});
    behind_->SetSettledHandler([this] { runner_->Wake(); });
    transport_.on_arrival = [this] { runner_->Wake(); };
  }
  ~SlowDiskTest() override { behind_->SetSettledHandler(nullptr); }

  FakeDisk behind_disk_;
  CollectingConsumer behind_consumer_;
  FakeClock clock_{5};
  ManualLoops disk_loops_{&clock_}, intake_loops_{&clock_};
  std::unique_ptr<Journal> behind_ = *Journal::Create(
      std::make_unique<FakeJournalFile>(&behind_disk_), MakeHeader(), &disk_loops_);
  RecordIntake slow_{kRunId, &transport_, &behind_consumer_, behind_.get()};
  std::unique_ptr<LoopRunner> runner_ = intake_loops_.Run(&slow_, nullptr);
};

TEST_F(SlowDiskTest, RecordsAreTakenAtOnceAndAckedWhenTheyAreWritten) {
  Arrive(0, 1, 1);
  intake_loops_.RunUntilIdle();
  EXPECT_THAT(behind_consumer_.ks(), ElementsAre(1));
  EXPECT_THAT(behind_consumer_.acks(), IsEmpty());
  EXPECT_FALSE(slow_.HasAll(0, 1));
  disk_loops_.RunUntilIdle();
  intake_loops_.RunUntilIdle();
  EXPECT_THAT(behind_consumer_.acks(), ElementsAre(CollectingConsumer::Ack{0, 1, 1}));
  EXPECT_TRUE(slow_.HasAll(0, 1));
}

TEST_F(SlowDiskTest, WithoutRoomFramesStayWhereTheyAreAndLinksAreStillWatched) {
  behind_->AppendBatch(std::string(kJournalQueuedBytes, 'x'));
  Arrive(0, 1, 1);
  transport_.states["a"].was_up = false;
  transport_.has_changes = true;
  EXPECT_EQ(slow_.Step(7), kNever);
  EXPECT_TRUE(transport_.holds_frames);
  EXPECT_EQ(transport_.frames.size(), 1u);
  EXPECT_FALSE(*slow_.IsLinked(0));
  behind_->Write();
  disk_loops_.RunUntilIdle();
  intake_loops_.RunUntilIdle();
  EXPECT_FALSE(transport_.holds_frames);
  EXPECT_THAT(behind_consumer_.ks(), ElementsAre(1));
}

TEST_F(SlowDiskTest, WhoWasRemovedOrCameBackBeforeTheWriteIsNotAckedForItsEarlierEpoch) {
  slow_.AddWorker({1, 1, "b", Key()});
  Arrive(0, 1, 1);
  Arrive(1, 1, 1);
  intake_loops_.RunUntilIdle();
  slow_.RemoveWorker(0);
  slow_.AddWorker({1, 2, "b", Key()});
  disk_loops_.RunUntilIdle();
  intake_loops_.RunUntilIdle();
  EXPECT_THAT(behind_consumer_.acks(), IsEmpty());
  EXPECT_EQ(slow_.Progress(1).complete_up_to, 0u);
}

TEST_F(RecordIntakeTest, ARemovedWorkersRecordsAreRefused) {
  Add(0, 1, "a");
  EXPECT_FALSE(intake_.IsRemoved(0));
  intake_.RemoveWorker(0);
  EXPECT_TRUE(intake_.IsRemoved(0));
  Arrive(0, 1, 1);
  intake_.Step(0);
  EXPECT_EQ(intake_.counters().foreign, 1u);
  EXPECT_THAT(consumer_.ks(), IsEmpty());
  EXPECT_THAT(consumer_.acks(), IsEmpty());
  EXPECT_THAT(transport_.disconnected, IsEmpty()) << "late data must be seen to be refused";
}

TEST_F(RecordIntakeTest, AnotherWorkerAtTheSameEndpointTakesTheLinkOver) {
  Add(0, 1, "a");
  intake_.RemoveWorker(0);
  Add(3, 2, "a");
  EXPECT_THAT(transport_.disconnected, ElementsAre("a"));
  EXPECT_THAT(transport_.connected, ElementsAre("a", "a"));
  Arrive(3, 2, 1);
  intake_.Step(0);
  EXPECT_TRUE(intake_.HasAll(3, 1));
}

TEST_F(RecordIntakeTest, AWorkerThatMovesIsLinkedAnew) {
  Add(0, 1, "a");
  Add(0, 2, "b");
  EXPECT_THAT(transport_.disconnected, ElementsAre("a"));
  EXPECT_THAT(transport_.connected, ElementsAre("a", "b"));
  Add(0, 3, "b");
  EXPECT_EQ(transport_.connected.size(), 2u) << "the same link serves another epoch";
  Arrive(0, 2, 1);
  intake_.Step(0);
  EXPECT_EQ(intake_.counters().foreign, 1u);
}

}  // namespace
}  // namespace drumfire

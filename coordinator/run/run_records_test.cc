// Does a run write down what counts and only that, say what went wrong with its records, and leave
// nothing behind when it cannot begin?
#include "coordinator/run/run_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "common/loop/loop_thread.h"
#include "coordinator/results/test_run.h"
#include "coordinator/run/run_records_fixture.h"

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(OpenRunRecordsTest, AJournalWithoutAHeaderDoesNotStay) {
  std::string folder = ::testing::TempDir() + "run-records-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  v1::RunManifest manifest;
  manifest.set_run_id("0123456789abcdef");
  LoopThreads threads(SystemClock());
  const auto records = OpenRunRecords(folder, "no plan hash", manifest, *MakeLinkKeys(), &threads);
  EXPECT_FALSE(records.ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

class CountingEntries : public JournalVisitor {
 public:
  void OnWorkerFacts(const v1::WorkerFacts& facts) override { facts_of.push_back(facts.worker()); }
  void OnBatch(const v1::RecordBatch& batch) override { batches.push_back(batch.sequence()); }
  void OnRunEnd(const v1::RunEnd& run_end) override { end = run_end; }
  std::vector<uint32_t> facts_of;
  std::vector<uint64_t> batches;
  v1::RunEnd end;
};

class RunRecordsTest : public RunRecordsFixture {
 protected:
  RunRecordsTest() { visitor_ = &entries_; }

  static v1::RecordBatch InPhase(v1::RecordBatch batch, uint32_t phase) {
    for (v1::Record& record : *batch.mutable_records()) record.set_phase(phase);
    return batch;
  }
  // Asks until there is an answer.
  uint64_t CloseRecords(uint32_t worker, uint32_t phase) {
    (void)records_->CloseRecords(worker, phase);
    loops_.RunUntilIdle();
    return records_->CloseRecords(worker, phase).value_or(UINT64_MAX);
  }
  std::vector<uint64_t> AcksTo(uint32_t worker) const {
    std::vector<uint64_t> acks;
    for (const auto& message : links_->sent.at(worker)) {
      if (message.has_record_ack()) acks.push_back(message.record_ack().sequence());
    }
    return acks;
  }

  CountingEntries entries_;
};

// --- Links ---

TEST_F(RunRecordsTest, AWorkerThatListensEverywhereIsFetchedFromWhereItWasDialled) {
  auto member = [](uint32_t worker, const std::string& endpoint) {
    Member made(worker, "host" + std::to_string(worker) + ":5", 1, "hash");
    made.ready.set_records_endpoint(endpoint);
    made.ready.set_records_server_key(std::string(kLinkKeyBytes, 'k'));
    return made;
  };
  (void)records_->LinkRecords(member(0, "tcp://0.0.0.0:7"));
  (void)records_->LinkRecords(member(1, "tcp://[::]:8"));
  (void)records_->LinkRecords(member(2, "tcp://10.0.0.0:9"));
  loops_.RunUntilIdle();
  EXPECT_THAT(transport_->connected,
              ElementsAre("tcp://host0:7", "tcp://host1:8", "tcp://10.0.0.0:9"));
}

TEST_F(RunRecordsTest, AWorkerElsewhereCannotNameASocketOfThisHost) {
  Member remote(0, "host0:1", kFirstEpoch, "hash");
  for (const char* endpoint : {"ipc:///run/docker.sock", "inproc://x", "", "tcp:/x"}) {
    remote.ready.set_records_endpoint(endpoint);
    EXPECT_EQ(records_->LinkRecords(remote).status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_THAT(transport_->connected, IsEmpty());
  Member local(1, "unix:/tmp/w", kFirstEpoch, "hash");
  local.ready.set_records_endpoint("ipc:///tmp/w.records");
  local.ready.set_records_server_key(std::string(kLinkKeyBytes, 'k'));
  EXPECT_TRUE(records_->LinkRecords(local).ok());
  loops_.RunUntilIdle();
  EXPECT_THAT(transport_->connected, ElementsAre("ipc:///tmp/w.records"));
}

TEST_F(RunRecordsTest, AWorkerThatIsAskedForOftenIsAddedOnce) {
  for (int i = 0; i < 3; ++i) Link(1);
  EXPECT_THAT(transport_->connected, ElementsAre("tcp://records:1"));
  EXPECT_THAT(entries_.facts_of, ElementsAre(1u));
}

// --- What does not count ---

TEST_F(RunRecordsTest, BatchesOfUnknownWorkersAndOtherRunsAreRefusedAndTheReportSaysSo) {
  Link(0);
  Arrive(BatchOf(/*worker=*/1, 1));
  v1::RecordBatch other = BatchOf(0, 1);
  other.set_run_id("fedcba9876543210");
  Arrive(other);
  EXPECT_THAT(entries_.batches, IsEmpty());
  (void)records_->Close({});
  EXPECT_THAT(entries_.end.notes(), ElementsAre(HasSubstr("2 record batches were refused")));
}

TEST_F(RunRecordsTest, BatchesThatComeAfterTheirWorkerWasClosedAreRefusedAndTheReportSaysSo) {
  Link(0);
  Arrive(BatchOf(0, 1));
  (void)CloseRecords(0, 0);
  Arrive(BatchOf(0, 2));
  EXPECT_THAT(entries_.batches, ElementsAre(1u));
  EXPECT_FALSE(records_->HasAll(0, 2));
  (void)records_->Close({});
  EXPECT_THAT(entries_.end.notes(), ElementsAre(HasSubstr("1 record batches were refused")));
}

TEST_F(RunRecordsTest, ARunWithoutForeignBatchesHasNoNote) {
  Link(0);
  Arrive(BatchOf(0, 1));
  Arrive(BatchOf(0, 1));  // again
  (void)records_->Close({});
  EXPECT_THAT(entries_.end.notes(), IsEmpty());
  EXPECT_THAT(entries_.batches, ElementsAre(1u));
}

// --- Lost workers ---

TEST_F(RunRecordsTest, UntilTheIntakeHasLetGoOfAWorkerItsRecordsMayStillCount) {
  Link(0);
  EXPECT_EQ(records_->CloseRecords(0, 0), std::nullopt);
  EXPECT_EQ(records_->CloseRecords(0, 0), std::nullopt);
  loops_.RunUntilIdle();
  EXPECT_EQ(records_->CloseRecords(0, 0), 0u) << "it made no record";
}

// Its share has gone to others by what was known then.
TEST_F(RunRecordsTest, ABatchThatStillWaitsWhenItsWorkerIsClosedIsRefused) {
  Link(0);
  transport_->Arrive(testutil::Framed(BatchOf(0, 1, /*records=*/3, /*first_session=*/5)));
  EXPECT_EQ(CloseRecords(0, 0), 0u);
  EXPECT_THAT(entries_.batches, IsEmpty());
}

TEST_F(RunRecordsTest, AWorkerWhoseRecordsCannotBeTrueIsToldOnceAndNamedInTheEnd) {
  Link(0);
  Arrive(BatchOf(0, 1, 1, 5000));
  Arrive(BatchOf(0, 2, 1, 1));
  const auto refusals = records_->TakeRefusals();
  ASSERT_EQ(refusals.size(), 1u);
  EXPECT_EQ(refusals[0].first, 0u);
  EXPECT_THAT(refusals[0].second, HasSubstr("its records cannot be true: turn 0 of session 5000"));
  EXPECT_TRUE(records_->TakeRefusals().empty());
  EXPECT_THAT(entries_.batches, IsEmpty());
  const RunResult result = records_->Close(v1::RunEnd());
  ASSERT_EQ(result.facts.record_faults.size(), 1u);
  EXPECT_THAT(result.facts.record_faults[0], HasSubstr("worker 0: turn 0 of session 5000"));
  EXPECT_THAT(Checks(result), ::testing::Contains("record_faults"));
}

TEST_F(RunRecordsTest, DamagedFramesAreCountedNotedAndNoReasonWhenTheyCameAgain) {
  Link(0);
  std::string damaged = testutil::Framed(BatchOf(0, 1));
  damaged.back() ^= 1;
  transport_->Arrive(damaged);
  Arrive(BatchOf(0, 1));
  const RunResult result = records_->Close(v1::RunEnd());
  EXPECT_EQ(result.facts.damaged_frames, 1u);
  EXPECT_THAT(result.notes,
              ::testing::Contains(HasSubstr("1 messages of records arrived damaged")));
  EXPECT_THAT(Checks(result), ::testing::Not(::testing::Contains("damaged_frames")));
}

TEST_F(RunRecordsTest, TheHighestRecordIsKnownPerPhaseAndWorkerInWhateverOrderTheyCame) {
  Link(0);
  Link(1);
  Arrive(BatchOf(0, 2, 2, 40));
  Arrive(BatchOf(0, 1, 2, 10));
  v1::RecordBatch mixed = BatchOf(0, 3, 1, 20);
  mixed.MergeFrom(InPhase(BatchOf(0, 3, 1, 7), 1));
  Arrive(mixed);
  Arrive(BatchOf(1, 1, 1, 90));
  EXPECT_EQ(CloseRecords(0, 0), 42u);
  EXPECT_EQ(CloseRecords(0, 1), 8u);
  EXPECT_EQ(CloseRecords(0, 2), 0u);
}

TEST_F(RunRecordsTest, OnlyWorkersThatWereAddedCanBeClosed) {
  EXPECT_DEATH((void)records_->CloseRecords(0, 0), "added_");
}

// --- Acks ---

TEST_F(RunRecordsTest, EachAckIsSentOnceAndTheNewestOnly) {
  Link(0);
  Link(1);
  Arrive(BatchOf(0, 1));
  Arrive(BatchOf(0, 2));
  records_->SendAcks(&*fleet_);
  records_->SendAcks(&*fleet_);
  EXPECT_THAT(AcksTo(0), ElementsAre(2u));
  EXPECT_THAT(AcksTo(1), IsEmpty());
}

// Its ack may have been lost; without another one it would be sent for ever.
TEST_F(RunRecordsTest, ABatchThatComesAgainIsAckedAgain) {
  Link(0);
  Arrive(BatchOf(0, 1));
  records_->SendAcks(&*fleet_);
  Arrive(BatchOf(0, 1));
  records_->SendAcks(&*fleet_);
  EXPECT_THAT(AcksTo(0), ElementsAre(1u, 1u));
}

TEST_F(RunRecordsTest, AClosedWorkerGetsNoAck) {
  Link(0);
  Arrive(BatchOf(0, 1));
  (void)CloseRecords(0, 0);
  records_->SendAcks(&*fleet_);
  EXPECT_THAT(AcksTo(0), IsEmpty());
}

// --- Error limits ---

TEST_F(RunRecordsTest, AnErrorLimitIsReachedByRecordsOfAllWorkersTogether) {
  plan_.mutable_error_limits()->set_max_consecutive_errors(2);
  MakeRecords();
  Link(0);
  Link(1);
  v1::RecordBatch failed = BatchOf(0, 1);
  failed.mutable_records(0)->set_outcome(v1::OUTCOME_FAILED);
  Arrive(failed);
  EXPECT_EQ(records_->ErrorLimitReached(), "");
  failed.set_worker(1);
  Arrive(failed);
  EXPECT_THAT(records_->ErrorLimitReached(), HasSubstr("2"));
}

// --- The journal and the end ---

TEST_F(RunRecordsTest, AJournalThatFailedIsSaidAndRecordsStillCount) {
  Link(0);
  disk_.capacity_bytes = disk_.bytes.size();
  Arrive(BatchOf(0, 1));
  EXPECT_THAT(entries_.batches, ElementsAre(1u));
  const RunResult result = records_->Close({});
  EXPECT_THAT(result.facts.journal_fault, HasSubstr("no space left"));
  EXPECT_THAT(entries_.end.journal_fault(), HasSubstr("no space left"));
}

// No entry of the journal can tell of it: the result must.
TEST_F(RunRecordsTest, AJournalWhoseLastEntryFailsIsSaidInTheResult) {
  Link(0);
  Arrive(BatchOf(0, 1));
  disk_.sync_fails = true;
  const RunResult result = records_->Close({});
  EXPECT_THAT(result.facts.journal_fault, HasSubstr("sync failed"));
}

TEST_F(RunRecordsTest, NothingIsAddedOnceTheRunIsClosed) {
  Link(0);
  (void)records_->Close({});
  EXPECT_DEATH((void)records_->LinkRecords(fleet_->member(1)), "the run is closed");
  EXPECT_DEATH((void)records_->Close({}), "closed twice");
}

TEST_F(RunRecordsTest, WhatArrivesAfterTheEndIsNotTaken) {
  Link(0);
  (void)records_->Close({});
  Arrive(BatchOf(0, 1));
  EXPECT_THAT(entries_.batches, IsEmpty());
}

TEST_F(RunRecordsTest, ProgressCallsTheHandlerWhileItIsSet) {
  Link(0);
  int calls = 0;
  records_->SetProgressHandler([&] { ++calls; });
  Arrive(BatchOf(0, 1));
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(records_->HasAll(0, 1));
  records_->SetProgressHandler(nullptr);
  Arrive(BatchOf(0, 2));
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace drumfire

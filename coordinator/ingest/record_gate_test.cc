// Does each record come from the worker that was granted it, once, and within the phase's time?
#include "coordinator/ingest/record_gate.h"

#include "common/metrics/test_records.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kStartNs = 5 * kNsPerSecond;

class RecordGateTest : public ::testing::Test {
 protected:
  RecordGateTest() {
    plan_.add_urls("http://a");
    plan_.add_models("m");
    plan_.add_phases();
    plan_.add_phases();
    gate_.StartPhase(0, kStartNs);
    clock_.Advance(kNsPerSecond);
  }

  void Grant(uint32_t worker, uint64_t first, uint64_t count, uint64_t stride, uint32_t phase = 0) {
    v1::Grant grant;
    grant.set_phase(phase);
    grant.set_first(first);
    grant.set_count(count);
    grant.set_stride(stride);
    gate_.Grant(worker, grant);
  }
  std::string Take(uint32_t worker, const v1::Record& record) {
    v1::RecordBatch batch;
    batch.set_worker(worker);
    *batch.add_records() = record;
    return std::string(gate_.Check(batch).message());
  }
  std::string TakeSession(uint32_t worker, uint64_t session) {
    return Take(worker, test_records::Streamed(session, 2));
  }
  std::string TakeTurn(uint32_t turn, uint32_t turns, v1::Outcome outcome = v1::OUTCOME_COMPLETED) {
    v1::Record record = test_records::Streamed(4, 2);
    record.set_turn(turn);
    record.set_turns(turns);
    record.set_outcome(outcome);
    return Take(0, record);
  }

  v1::Plan plan_;
  FakeClock clock_{kStartNs};
  RecordGate gate_{plan_, clock_};
};

TEST_F(RecordGateTest, SessionsOfNobodyOrOfAnotherAreRefused) {
  EXPECT_THAT(TakeSession(0, 3), HasSubstr("turn 0 of session 3 of phase 0 was not granted to it"));
  Grant(0, 0, 4, 2);
  Grant(1, 1, 4, 2);
  EXPECT_THAT(TakeSession(0, 3), HasSubstr("was not granted to it"));
  EXPECT_THAT(TakeSession(0, 8), HasSubstr("was not granted to it"));
  EXPECT_THAT(TakeSession(0, UINT64_MAX), HasSubstr("was not granted to it"));
  EXPECT_EQ(TakeSession(1, 3), "");
}

TEST_F(RecordGateTest, EachSessionHasOneRecord) {
  Grant(0, 0, 3, 2);
  for (const uint64_t session : {4, 0}) EXPECT_EQ(TakeSession(0, session), "");
  EXPECT_THAT(TakeSession(0, 4), HasSubstr("has its record already"));
  EXPECT_EQ(TakeSession(0, 2), "");
  for (const uint64_t session : {0, 2, 4}) {
    EXPECT_THAT(TakeSession(0, session), HasSubstr("or has all its records"));
  }
}

TEST_F(RecordGateTest, ManyGrantsOfAnyStrideAreKeptApart) {
  Grant(0, 0, 10, 3);   // 0, 3, ... 27
  Grant(0, 1, 5, 6);    // 1, 7, ... 25
  Grant(0, 30, 10, 3);  // 30 ... 57
  Grant(0, 100, 1, 1);
  for (uint64_t session = 0; session < 30; session += 3) EXPECT_EQ(TakeSession(0, session), "");
  for (uint64_t session = 1; session < 30; session += 6) EXPECT_EQ(TakeSession(0, session), "");
  EXPECT_EQ(TakeSession(0, 57), "");
  EXPECT_EQ(TakeSession(0, 100), "");
  EXPECT_THAT(TakeSession(0, 60), HasSubstr("was not granted"));
  EXPECT_THAT(TakeSession(0, 4), HasSubstr("was not granted"));
}

TEST_F(RecordGateTest, ALostWorkersSessionsGoToOthers) {
  Grant(0, 0, 4, 1);
  gate_.Forget(0);
  EXPECT_THAT(TakeSession(0, 1), HasSubstr("was not granted"));
  Grant(1, 0, 4, 1);
  EXPECT_EQ(TakeSession(1, 1), "");
}

TEST_F(RecordGateTest, TurnsComeInAnyOrderButOnce) {
  Grant(0, 4, 1, 1);
  EXPECT_EQ(TakeTurn(2, 3), "");
  EXPECT_EQ(TakeTurn(0, 3), "");
  EXPECT_THAT(TakeTurn(0, 3), HasSubstr("has its record already"));
  EXPECT_THAT(TakeTurn(1, 4), HasSubstr("has other turns now"));
  EXPECT_EQ(TakeTurn(1, 3), "");
  EXPECT_THAT(TakeTurn(1, 3), HasSubstr("or has all its records"));
}

TEST_F(RecordGateTest, NothingFollowsTheTurnThatEndedASession) {
  Grant(0, 4, 1, 1);
  EXPECT_EQ(TakeTurn(1, 5, v1::OUTCOME_FAILED), "");
  EXPECT_THAT(TakeTurn(2, 5), HasSubstr("follows the turn that ended it"));
  EXPECT_EQ(TakeTurn(0, 5), "");
  EXPECT_THAT(TakeTurn(3, 5), HasSubstr("or has all its records"));
}

TEST_F(RecordGateTest, ATurnCannotEndASessionThatWentOn) {
  Grant(0, 4, 1, 1);
  EXPECT_EQ(TakeTurn(2, 5), "");
  EXPECT_EQ(TakeTurn(1, 5), "");
  EXPECT_THAT(TakeTurn(0, 5, v1::OUTCOME_FAILED), HasSubstr("ended it before a later turn"));
}

TEST_F(RecordGateTest, TimesBeyondNowAreRefused) {
  Grant(0, 0, 10, 1);
  v1::Record record = test_records::Streamed(1, 2);
  record.set_end_ns(2 * kNsPerSecond);  // the slack of a second is used up
  EXPECT_EQ(Take(0, record), "");
  record.set_session(2);
  record.set_end_ns(2 * kNsPerSecond + 1);
  EXPECT_THAT(Take(0, record),
              HasSubstr("ended 2000000001 ns after the start of a phase that began "
                        "1000000000 ns ago"));
}

TEST_F(RecordGateTest, APhaseThatHasNotBegunHasNoRecords) {
  Grant(0, 0, 10, 1, /*phase=*/1);
  v1::Record record = test_records::Streamed(1, 2);
  record.set_phase(1);
  EXPECT_THAT(Take(0, record), HasSubstr("came before its phase began"));
  gate_.StartPhase(1, kStartNs);
  EXPECT_EQ(Take(0, record), "");
}

TEST_F(RecordGateTest, ImpossibleFieldsAreNamed) {
  Grant(0, 0, 10, 1);
  v1::Record record = test_records::Streamed(1, 2);
  record.set_dns_ns(-1);
  EXPECT_THAT(Take(0, record), HasSubstr("dns_ns cannot be -1"));
}

}  // namespace
}  // namespace drumfire

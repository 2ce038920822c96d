// Do the sums of sessions and requests close when conversations end early or their worker is lost?
#include "coordinator/results/result_builder.h"
#include "coordinator/results/test_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

// Worker 0 runs sessions 0, 2, 4, ... and worker 1 the others. Each has four turns.
class ConversationsTest : public ::testing::Test {
 protected:
  static constexpr uint32_t kTurns = 4;

  ConversationsTest() {
    run_.facts.plan.mutable_dataset()->set_turns_mean(kTurns);
    run_.records.clear();
    AddWholeSession(0);
    AddWholeSession(1);
  }

  void AddTurn(uint64_t session, uint32_t turn, v1::Outcome outcome = v1::OUTCOME_COMPLETED) {
    v1::Record record =
        test_records::Streamed(session, 2 + 50 * static_cast<int64_t>(session) + 100 * turn);
    record.set_turn(turn);
    record.set_turns(kTurns);
    record.set_outcome(outcome);
    run_.records.push_back(record);
  }
  void AddWholeSession(uint64_t session) {
    for (uint32_t turn = 0; turn < kTurns; ++turn) AddTurn(session, turn);
  }
  // The totals that the records give, of a schedule with so many sessions.
  PhaseFacts& Close(uint64_t sessions) {
    run_.Close();
    PhaseFacts& phase = run_.facts.phases[0];
    phase.scheduled_sessions = sessions;
    phase.scheduled = sessions * kTurns;
    return phase;
  }
  v1::CreditTotals& TotalsOf(uint32_t worker) {
    return *run_.facts.phases[0].done[worker].mutable_totals();
  }

  TestRun run_;
};

TEST_F(ConversationsTest, WholeSessionsClose) {
  Close(2);
  const RunResult result = run_.Finish();
  EXPECT_TRUE(result.is_complete) << ::testing::PrintToString(Checks(result));
  EXPECT_EQ(result.profiling.accounts.sessions.completed, 2u);
  EXPECT_EQ(result.profiling.accounts.credits.completed, 8u);
  EXPECT_EQ(result.profiling.accounts.credits.scheduled, 8u);
}

TEST_F(ConversationsTest, TurnsAfterAFailedOneAreUnsent) {
  AddTurn(2, 0);
  AddTurn(2, 1, v1::OUTCOME_FAILED);
  Close(3);
  const RunResult result = run_.Finish();
  EXPECT_TRUE(result.is_complete) << ::testing::PrintToString(Checks(result));
  EXPECT_EQ(result.profiling.accounts.sessions.ended_early, 1u);
  EXPECT_EQ(result.profiling.accounts.credits.unsent_turns, 2u);
  EXPECT_EQ(result.profiling.accounts.credits.scheduled, 12u);
}

TEST_F(ConversationsTest, UnsentTurnsThatAWorkerHidesKeepTheSumsOpen) {
  AddTurn(2, 0, v1::OUTCOME_FAILED);
  Close(3);
  TotalsOf(0).set_unsent_turns(0);
  EXPECT_THAT(run_.Finish().verdict.reasons[0].text,
              HasSubstr("worker 0: 5 turns sent, dropped or unsent, but 8 of the sessions in its "
                        "records"));
}

TEST_F(ConversationsTest, ASessionThatNobodyBeganKeepsTheSumsOpen) {
  Close(3);
  EXPECT_THAT(run_.Finish().verdict.reasons[0].text,
              HasSubstr("12 requests scheduled, but 8 handed out"));
}

TEST_F(ConversationsTest, SessionsThatALostWorkerHadBegunAreLostWithOneTurn) {
  AddTurn(3, 0);
  AddTurn(3, 1);  // its third turn is lost, its fourth unsent
  PhaseFacts& phase = Close(3);
  phase.done.erase(1);
  phase.granted[1] = phase.settled[1] = 2;
  const RunResult result = run_.Finish();
  const Accounts& accounts = result.profiling.accounts;
  EXPECT_THAT(result.verdict.reasons[0].text,
              HasSubstr("1 worker(s) lost, with 1 requests in flight there; 1 further turns of "
                        "their conversations were never sent"));
  EXPECT_EQ(accounts.sessions.lost, 1u);
  EXPECT_EQ(accounts.sessions.completed, 2u);
  EXPECT_EQ(accounts.credits.lost, 1u);
  EXPECT_EQ(accounts.credits.unsent_turns, 1u);
  EXPECT_EQ(accounts.credits.fate_unknown, 0u);
  EXPECT_EQ(accounts.credits.scheduled, 12u);
}

// How many turns it had is not known from records: the schedule tells what is missing.
TEST_F(ConversationsTest, ALostSessionWithoutARecordLeavesItsFurtherTurnsUnsent) {
  run_.facts.plan.mutable_loss()->set_action(v1::LOSS_CONTINUE);
  PhaseFacts& phase = Close(3);
  phase.done.erase(1);
  phase.granted[1] = 2;
  phase.settled[1] = 2;
  const RunResult result = run_.Finish();
  const Accounts& accounts = result.profiling.accounts;
  EXPECT_EQ(accounts.sessions.lost, 1u);
  EXPECT_EQ(accounts.credits.lost, 1u);
  EXPECT_EQ(accounts.credits.unsent_turns, 3u);
  EXPECT_EQ(accounts.unsent_turns_of_lost, 3u);
  EXPECT_EQ(accounts.credits.scheduled, 12u);
  EXPECT_THAT(Checks(result), ::testing::Not(::testing::Contains("open_sums")));
}

TEST_F(ConversationsTest, OfALostWorkerTheFateOfTurnsWithoutARecordIsUnknown) {
  AddTurn(3, 2);  // those of its first two turns were lost with the worker
  PhaseFacts& phase = Close(3);
  phase.done.erase(1);
  phase.granted[1] = phase.settled[1] = 2;
  const Accounts accounts = run_.Finish().profiling.accounts;
  EXPECT_EQ(accounts.credits.fate_unknown, 2u);
  EXPECT_EQ(accounts.credits.lost, 1u) << "its last turn";
  EXPECT_EQ(accounts.credits.scheduled, 12u);
  EXPECT_EQ(accounts.sessions.scheduled, 3u);
}

// Its last word and its records overlap: four are open, and those of five whole sessions are lost.
TEST_F(ConversationsTest, SessionsInFlightAtALostWorkerAreCountedOnce) {
  for (uint64_t session = 3; session <= 9; session += 2) AddTurn(session, 0);
  PhaseFacts& phase = Close(11);
  phase.done.erase(1);
  v1::CreditTotals* last_words = phase.last_words[1].mutable_totals();
  last_words->set_begun(10);
  last_words->set_open(4);
  phase.granted[1] = phase.settled[1] = 10;
  const Accounts accounts = run_.Finish().profiling.accounts;
  EXPECT_EQ(accounts.sessions.lost, 4u);
  EXPECT_EQ(accounts.sessions.fate_unknown, 5u);
}

// They may have been sent: their records may be lost with the worker.
TEST_F(ConversationsTest, TurnsOfSessionsOfUnknownFateAreOfUnknownFate) {
  PhaseFacts& phase = Close(11);
  phase.done.erase(1);
  phase.granted[1] = 10;
  phase.settled[1] = 1;
  const RunResult result = run_.Finish();
  EXPECT_EQ(result.profiling.accounts.sessions.fate_unknown, 9u);
  EXPECT_EQ(result.profiling.accounts.credits.fate_unknown, 9u * kTurns);
  EXPECT_EQ(result.profiling.accounts.credits.unsent_turns, 0u);
}

TEST_F(ConversationsTest, AFailureBeforeTheWorkersLossIsNoLoss) {
  AddTurn(3, 0, v1::OUTCOME_FAILED);
  PhaseFacts& phase = Close(3);
  phase.done.erase(1);
  phase.granted[1] = phase.settled[1] = 2;
  const RunResult result = run_.Finish();
  EXPECT_EQ(result.profiling.accounts.credits.unsent_turns, 3u);
  EXPECT_EQ(result.profiling.accounts.unsent_turns_of_lost, 0u);
}

// A slot that is free when nothing is left to begin is no lost concurrency.
TEST_F(ConversationsTest, ALongSessionAtTheEndIsNoReason) {
  v1::Phase* phase = run_.facts.plan.mutable_phases(0);
  phase->set_mode(v1::LOAD_CLOSED_LOOP);
  phase->set_concurrency(2);
  run_.records.clear();
  const auto add = [this](uint64_t session, uint32_t turn, uint32_t turns, int64_t sent_ms) {
    v1::Record record = test_records::Streamed(session, sent_ms);
    record.set_turn(turn);
    record.set_turns(turns);
    record.set_intended_ns(-1);
    record.set_ready_ns(record.sent_ns());
    record.set_end_ns(record.sent_ns() + 100 * test_records::kMs);
    run_.records.push_back(record);
  };
  add(0, 0, 1, 0);
  for (uint32_t turn = 0; turn < 20; ++turn) add(1, turn, 20, 100 * turn);
  add(2, 0, 1, 100);
  run_.Close();
  run_.facts.phases[0].scheduled = 22;
  run_.facts.phases[0].scheduled_sessions = 3;
  EXPECT_THAT(Checks(run_.Finish()), ::testing::Not(::testing::Contains("concurrency_ratio")));
}

TEST_F(ConversationsTest, LaterTurnsAreNoPartOfTheArrivals) {
  run_.facts.plan.mutable_phases(0)->set_request_rate(20);
  for (uint64_t session = 2; session < 40; ++session) {
    v1::Record first = test_records::Streamed(session, static_cast<int64_t>(2 + 50 * session));
    first.set_turns(kTurns);
    first.set_outcome(v1::OUTCOME_FAILED);
    run_.records.push_back(first);
  }
  Close(40);
  EXPECT_LT(run_.Finish().profiling.load.gap_cv, 0.01);
}

}  // namespace
}  // namespace drumfire

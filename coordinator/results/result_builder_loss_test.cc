// Does a loss of records, credits or workers show in the result, and do the sums stay honest?
#include "common/clock/clock.h"
#include "coordinator/results/result_builder.h"
#include "coordinator/results/test_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(ResultBuilderLossTest, NoRecordAtAllGivesAResult) {
  TestRun run;
  run.records.clear();
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_EQ(ValueOf(result, "request_count"), 0);
  EXPECT_EQ(ExitCodeOf(result), 1);
}

TEST(ResultBuilderLossTest, LostRecordKeepsTheSumsOpen) {
  TestRun run;
  run.Close();
  run.records.pop_back();
  const RunResult result = run.Finish();
  EXPECT_EQ(result.verdict.status, VerdictStatus::kInvalid);
  EXPECT_EQ(result.verdict.reasons[0].check, "open_sums");
  EXPECT_THAT(result.verdict.reasons[0].text,
              HasSubstr("worker 1: 20 records made, but 19 received or dropped"));
  EXPECT_EQ(result.profiling.accounts.records.missing, 1u);
  EXPECT_FALSE(result.is_complete);
  EXPECT_EQ(ExitCodeOf(result), 3);
}

TEST(ResultBuilderLossTest, CreditThatNobodyAccountsForKeepsTheSumsOpen) {
  TestRun run;
  run.Close();
  v1::CreditTotals* totals = run.facts.phases[0].done[0].mutable_totals();
  totals->set_granted(totals->granted() + 1);
  const RunResult result = run.Finish();
  EXPECT_THAT(result.verdict.reasons[0].text,
              HasSubstr("worker 0: 21 sessions granted, but 20 accounted for"));
}

// Half of the load was never sent, and every other sum closes.
void HalveGrants(TestRun* run) {
  run->facts.plan.mutable_phases(0)->clear_request_count();
  run->facts.plan.mutable_phases(0)->set_duration_ns(2 * kNsPerSecond);
  run->Close();
  for (const uint32_t worker : {0, 1}) run->facts.phases[0].granted[worker] = 40;
}

TEST(ResultBuilderLossTest, AWorkerThatKnowsOfFewerGrantsThanItGotIsNamed) {
  TestRun run;
  HalveGrants(&run);
  const RunResult result = run.Finish();
  EXPECT_EQ(result.verdict.status, VerdictStatus::kInvalid);
  EXPECT_THAT(result.verdict.reasons[0].text,
              HasSubstr("worker 0: 40 sessions were granted to it, but it knows of 20"));
}

TEST(ResultBuilderLossTest, TheLastGrantsMayNotReachAClosedLoopThatItsDurationEnds) {
  TestRun run;
  run.facts.plan.mutable_phases(0)->set_mode(v1::LOAD_CLOSED_LOOP);
  HalveGrants(&run);
  EXPECT_THAT(Checks(run.Finish()), Not(Contains("open_sums")));
  run.facts.phases[0].granted[1] = 19;
  EXPECT_THAT(Checks(run.Finish()), Contains("open_sums")) << "it knows of more than it got";
}

TEST(ResultBuilderLossTest, SessionsThatWereDueAndNeverBegunAreNamed) {
  TestRun run;
  run.Close();
  run.facts.plan.mutable_phases(0)->set_duration_ns(2 * kNsPerSecond);
  v1::CreditTotals* totals = run.facts.phases[0].done[1].mutable_totals();
  totals->set_granted(21);
  totals->set_unsent(1);
  EXPECT_THAT(Checks(run.Finish()), Not(Contains("open_sums"))) << "the end may cut off one";
  totals->set_granted(40);
  totals->set_unsent(20);
  EXPECT_THAT(run.Finish().verdict.reasons[0].text,
              HasSubstr("worker 1: 20 of 40 sessions were due, but it never began them"));
}

TEST(ResultBuilderLossTest, LostWorkerLosesWhatItWasGranted) {
  TestRun run;
  run.Close();
  run.facts.phases[0].done.erase(1);
  run.facts.phases[0].granted[1] = 25;
  const RunResult result = run.Finish();
  EXPECT_EQ(result.profiling.accounts.credits.lost, 5u);
  EXPECT_EQ(result.profiling.accounts.credits.scheduled, 45u);
  EXPECT_TRUE(result.profiling.accounts.workers[1].is_lost);
  EXPECT_EQ(result.verdict.status, VerdictStatus::kInvalid);
}

TEST(ResultBuilderLossTest, OfALostWorkerOnlyWhatWasInFlightIsLost) {
  TestRun run;
  run.Close();
  PhaseFacts& phase = run.facts.phases[0];
  phase.done.erase(1);
  v1::CreditTotals* last_words = phase.last_words[1].mutable_totals();
  last_words->set_begun(26);
  last_words->set_open(4);
  last_words->set_sent(26);
  last_words->set_completed(22);
  last_words->set_in_flight(4);
  phase.granted[1] = 64;
  phase.settled[1] = 26;
  const CreditSums credits = run.Finish().profiling.accounts.credits;
  EXPECT_EQ(credits.lost, 4u);
  EXPECT_EQ(credits.fate_unknown, 40u) << "2 have ended, 38 may have been sent";
  EXPECT_EQ(credits.scheduled, 20u + 64u);
  EXPECT_EQ(credits.scheduled, credits.completed + credits.lost + credits.fate_unknown);
}

TEST(ResultBuilderLossTest, WhatALostWorkerSentBeforeItsNewestRecordWasInFlight) {
  TestRun run;
  run.Close();
  PhaseFacts& phase = run.facts.phases[0];
  phase.done.erase(1);
  phase.granted[1] = phase.settled[1] = 23;
  const CreditSums credits = run.Finish().profiling.accounts.credits;
  EXPECT_EQ(credits.lost, 3u);
  EXPECT_EQ(credits.fate_unknown, 0u);
}

TEST(ResultBuilderLossTest, OfASilentLostWorkerAllFatesAreUnknown) {
  TestRun run;
  run.Close();
  PhaseFacts& phase = run.facts.phases[0];
  phase.done.erase(1);
  phase.granted[1] = 84;
  phase.settled[1] = 0;
  phase.scheduled = 20 + 84;
  const RunResult result = run.Finish();
  const CreditSums& credits = result.profiling.accounts.credits;
  EXPECT_EQ(credits.lost, 0u);
  EXPECT_EQ(credits.fate_unknown, 64u);
  ASSERT_FALSE(result.verdict.reasons.empty());
  EXPECT_EQ(result.verdict.reasons[0].check, "lost_workers");
  EXPECT_THAT(result.verdict.reasons[0].text, HasSubstr("the fate of 64"));
}

TEST(ResultBuilderLossTest, DifferentHistogramsAreInvalid) {
  TestRun run;
  run.Close();
  ResultBuilder builder(run.facts.plan);
  for (const v1::Record& record : run.records) builder.AddRecord(record, TestRun::WorkerOf(record));
  builder.AddHistograms(0, run.Histograms(0));
  v1::IntervalHistograms other = run.Histograms(1);
  other.mutable_histograms()->RemoveLast();
  builder.AddHistograms(1, other);
  const RunResult result = builder.Finish(run.facts);
  EXPECT_EQ(result.verdict.reasons[0].check, "different_histograms");
}

TEST(ResultBuilderLossTest, InterruptedRunIsPartial) {
  TestRun run;
  run.Close();
  run.facts.was_cancelled = true;
  run.facts.phases[0].scheduled = 100;
  const RunResult result = run.Finish();
  EXPECT_FALSE(result.is_complete);
  EXPECT_THAT(Checks(result), IsEmpty());
  EXPECT_EQ(ExitCodeOf(result), 1);
}

TEST(ResultBuilderLossTest, ScheduleNotHandedOutKeepsTheSumsOpen) {
  TestRun run;
  run.Close();
  run.facts.phases[0].scheduled = 100;
  EXPECT_THAT(run.Finish().verdict.reasons[0].text,
              HasSubstr("100 requests scheduled, but 40 handed out"));
}

}  // namespace
}  // namespace drumfire

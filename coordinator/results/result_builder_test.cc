// Does a run's result follow from its records alone, and does each thing that goes wrong show in
// it?
#include "coordinator/results/result_builder.h"

#include <algorithm>
#include <random>

#include "coordinator/results/test_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using test_records::Failed;
using test_records::kMs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Checks(const RunResult& result) {
  std::vector<std::string> checks;
  for (const VerdictReason& reason : result.verdict.reasons) checks.push_back(reason.check);
  return checks;
}

double ValueOf(const RunResult& result, absl::string_view tag, absl::string_view stat = "avg") {
  const MetricBlock* block = FindBlock(result.profiling.blocks, tag);
  return block == nullptr ? -1 : block->Stat(stat);
}

TEST(ResultBuilderTest, AllRequestsFailingStillGivesAFullResult) {
  TestRun run;
  for (uint64_t k = 0; k < TestRun::kRequests; ++k) {
    run.records[k] =
        Failed(k, static_cast<int64_t>(k) * TestRun::kGapMs, 503, "Service Unavailable", "down");
    run.records[k].set_ready_ns(run.records[k].sent_ns());
    run.records[k].set_intended_ns(run.records[k].sent_ns());
  }
  run.Close();
  const RunResult result = run.Finish();
  ASSERT_EQ(result.profiling.errors.size(), 1u);
  EXPECT_EQ(result.profiling.errors[0].count, 40u);
  EXPECT_EQ(result.profiling.errors[0].details.code, 503u);
  EXPECT_EQ(ValueOf(result, "error_request_count"), 40);
  EXPECT_EQ(ValueOf(result, "request_error_rate"), 100);
  EXPECT_EQ(FindBlock(result.profiling.blocks, "request_latency"), nullptr);
  EXPECT_EQ(result.verdict.status, VerdictStatus::kFailed);
  EXPECT_EQ(result.verdict.reasons[0].fault, FaultSource::kServer);
  EXPECT_THAT(result.verdict.reasons[0].text, HasSubstr("none of 40 requests succeeded"));
  EXPECT_THAT(result.verdict.reasons[0].text, HasSubstr("down"));
  EXPECT_EQ(ExitCodeOf(result), 1);
}

TEST(ResultBuilderTest, RequestsThatCouldNotBeSentCountAsFailures) {
  TestRun run;
  for (v1::Record& record : run.records) {
    const int64_t end_ns = record.end_ns();
    record = test_records::Failed(record.k(), 0, 0, "", "connection refused");
    record.mutable_error()->set_kind(v1::ERROR_REFUSED);
    record.set_sent_ns(-1);
    record.set_end_ns(end_ns);
  }
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_THAT(Checks(result), ElementsAre("none_succeeded"));
  EXPECT_EQ(result.verdict.reasons[0].fault, FaultSource::kNetwork);
  EXPECT_GT(result.profiling.window_ns, 0);
  EXPECT_EQ(ExitCodeOf(result), 1);
}

// A network that answers connects late is no fault of the client's.
TEST(ResultBuilderTest, ConnectTimeIsNotSendDelay) {
  for (const bool by_connecting : {true, false}) {
    TestRun run;
    for (v1::Record& record : run.records) {
      record.set_ready_ns(record.sent_ns() - 100 * kMs);
      record.set_intended_ns(record.ready_ns());
      if (by_connecting) record.set_connect_ns(100 * kMs);
      record.set_connection_reused(!by_connecting);
    }
    run.Close();
    const RunResult result = run.Finish();
    EXPECT_THAT(Checks(result),
                ::testing::Contains(by_connecting ? "connect_wait_p99_ms" : "send_delay_p99_ms"));
    EXPECT_EQ(result.verdict.status == VerdictStatus::kInvalid, !by_connecting);
  }
}

TEST(ResultBuilderTest, OneSlowConnectIsNoP99) {
  TestRun run;
  v1::Record& slow = run.records[5];
  slow.set_ready_ns(slow.sent_ns() - 100 * kMs);
  slow.set_intended_ns(slow.ready_ns());
  slow.set_connect_ns(100 * kMs);
  run.Close();
  EXPECT_THAT(Checks(run.Finish()), ::testing::Not(::testing::Contains("connect_wait_p99_ms")));
}

TEST(ResultBuilderTest, NoRecordAtAllGivesAResult) {
  TestRun run;
  run.records.clear();
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_EQ(ValueOf(result, "request_count"), 0);
  EXPECT_EQ(ExitCodeOf(result), 1);
}

TEST(ResultBuilderTest, LostRecordKeepsTheSumsOpen) {
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

TEST(ResultBuilderTest, CreditThatNobodyAccountsForKeepsTheSumsOpen) {
  TestRun run;
  run.Close();
  v1::CreditTotals* totals = run.facts.phases[0].done[0].mutable_totals();
  totals->set_granted(totals->granted() + 1);
  const RunResult result = run.Finish();
  EXPECT_THAT(result.verdict.reasons[0].text,
              HasSubstr("worker 0: 21 credits granted, but 20 accounted for"));
}

TEST(ResultBuilderTest, LostWorkerLosesWhatItWasGranted) {
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

// 20 records came; by its last word it had sent 26 and 22 had ended.
TEST(ResultBuilderTest, OfALostWorkerOnlyWhatWasInFlightIsLost) {
  TestRun run;
  run.Close();
  PhaseFacts& phase = run.facts.phases[0];
  phase.done.erase(1);
  v1::CreditTotals* last_words = phase.last_words[1].mutable_totals();
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

// Records came after its last word: what they leave open was sent before the newest of them.
TEST(ResultBuilderTest, WhatALostWorkerSentBeforeItsNewestRecordWasInFlight) {
  TestRun run;
  run.Close();
  PhaseFacts& phase = run.facts.phases[0];
  phase.done.erase(1);
  phase.granted[1] = phase.settled[1] = 23;
  const CreditSums credits = run.Finish().profiling.accounts.credits;
  EXPECT_EQ(credits.lost, 3u);
  EXPECT_EQ(credits.fate_unknown, 0u);
}

// It was lost before it said anything.
TEST(ResultBuilderTest, OfASilentLostWorkerAllFatesAreUnknown) {
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

TEST(ResultBuilderTest, DifferentHistogramsAreInvalid) {
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

TEST(ResultBuilderTest, InterruptedRunIsPartial) {
  TestRun run;
  run.Close();
  run.facts.was_cancelled = true;
  run.facts.phases[0].scheduled = 100;
  const RunResult result = run.Finish();
  EXPECT_FALSE(result.is_complete);
  EXPECT_THAT(Checks(result), IsEmpty());
  EXPECT_EQ(ExitCodeOf(result), 1);
}

TEST(ResultBuilderTest, OneLateRequestOfFortyIsNoP99) {
  for (const int late_requests : {1, 5}) {
    TestRun run;
    for (int i = 0; i < late_requests; ++i) {
      v1::Record& record = run.records[static_cast<size_t>(i) + 3];
      record.set_ready_ns(record.sent_ns() - 30 * kMs);
    }
    run.Close();
    const auto checks = Checks(run.Finish());
    EXPECT_EQ(std::count(checks.begin(), checks.end(), "send_delay_p99_ms"),
              late_requests == 1 ? 0 : 1);
  }
}

TEST(ResultBuilderTest, ALargeFirstWaveCostsAClosedLoopNothing) {
  TestRun run;
  v1::Phase* phase = run.facts.plan.mutable_phases(0);
  phase->set_mode(v1::LOAD_CLOSED_LOOP);
  phase->set_concurrency(TestRun::kRequests);
  for (uint64_t k = 0; k < TestRun::kRequests; ++k) {
    run.records[k] = test_records::Streamed(k, static_cast<int64_t>(k));
    run.records[k].set_intended_ns(-1);
    run.records[k].set_ready_ns(0);
  }
  run.Close();
  EXPECT_THAT(Checks(run.Finish()), IsEmpty());
}

TEST(ResultBuilderTest, RequestsCancelledAtTheEndAreNoErrors) {
  TestRun run;
  *run.facts.plan.mutable_report()->add_fail_if() = *ParseFailIf("request_error_rate>0");
  run.records.back().set_outcome(v1::OUTCOME_CANCELLED);
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_EQ(result.goals.at(0).value, 0);
  EXPECT_FALSE(result.goals.at(0).is_missed);
}

TEST(ResultBuilderTest, ScheduleNotHandedOutKeepsTheSumsOpen) {
  TestRun run;
  run.Close();
  run.facts.phases[0].scheduled = 100;
  EXPECT_THAT(run.Finish().verdict.reasons[0].text,
              HasSubstr("100 requests scheduled, but 40 handed out"));
}

TEST(ResultBuilderTest, MissedGoalSetsTheExitCode) {
  TestRun run;
  *run.facts.plan.mutable_report()->add_fail_if() = *ParseFailIf("time_to_first_token:p99>49");
  *run.facts.plan.mutable_report()->add_fail_if() = *ParseFailIf("request_latency:p99>1000");
  run.Close();
  const RunResult result = run.Finish();
  ASSERT_EQ(result.goals.size(), 2u);
  EXPECT_TRUE(result.goals[0].is_missed);
  EXPECT_NEAR(*result.goals[0].value, 50, 0.05);
  EXPECT_FALSE(result.goals[1].is_missed);
  EXPECT_EQ(ExitCodeOf(result), 4);
}

TEST(ResultBuilderTest, NoErrorsMeetAGoalOnTheirCount) {
  TestRun run;
  *run.facts.plan.mutable_report()->add_fail_if() = *ParseFailIf("error_request_count>0");
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_EQ(result.goals.at(0).value, 0);
  EXPECT_FALSE(result.goals.at(0).is_missed);
  EXPECT_EQ(FindBlock(result.profiling.blocks, "error_request_count"), nullptr);
}

TEST(ResultBuilderTest, HealthyRunIsValidAndItsSumsClose) {
  TestRun run;
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_THAT(Checks(result), IsEmpty());
  EXPECT_EQ(result.verdict.status, VerdictStatus::kValid);
  EXPECT_TRUE(result.is_complete);
  EXPECT_THAT(result.notes, IsEmpty());
  EXPECT_EQ(ExitCodeOf(result), 0);
  const CreditSums& credits = result.profiling.accounts.credits;
  EXPECT_EQ(credits.scheduled, 40u);
  EXPECT_EQ(credits.completed, 40u);
  const int64_t window_ns = (2 + 39 * TestRun::kGapMs + 91) * kMs;
  EXPECT_EQ(result.profiling.window_ns, window_ns);
  EXPECT_DOUBLE_EQ(ValueOf(result, "request_throughput"), 40 / (window_ns / 1e9));
}

TEST(ResultBuilderTest, ReportsAskedAndReached) {
  TestRun run;
  run.Close();
  const LoadFigures load = run.Finish().profiling.load;
  EXPECT_DOUBLE_EQ(load.asked_rate, 20);
  EXPECT_NEAR(load.reached_rate, 20, 1e-9);
  EXPECT_NEAR(load.client_rate_ratio, 1, 1e-9);
  EXPECT_NEAR(load.gap_cv, 0, 1e-9);
  EXPECT_EQ(load.expected_gap_cv, 0);
  EXPECT_NEAR(load.mean_in_flight, 40 * 91.0 / (2 + 39 * 50 + 91), 1e-9);
}

TEST(ResultBuilderTest, TellsTheServersSlownessFromTheClients) {
  for (const bool is_server : {true, false}) {
    TestRun run;
    if (is_server) run.facts.plan.mutable_phases(0)->set_concurrency(4);
    for (v1::Record& record : run.records) {
      const int64_t late_ns = static_cast<int64_t>(record.k()) * 5 * kMs;
      v1::Record moved = test_records::Streamed(record.k(), record.sent_ns() / kMs + late_ns / kMs);
      moved.set_intended_ns(record.intended_ns());
      moved.set_ready_ns(is_server ? moved.sent_ns() : record.intended_ns());
      record = moved;
    }
    run.Close();
    const RunResult result = run.Finish();
    EXPECT_NEAR(result.profiling.load.rate_ratio, 50.0 / 55, 1e-6);
    EXPECT_EQ(result.verdict.status, is_server ? VerdictStatus::kSuspect : VerdictStatus::kInvalid);
    EXPECT_EQ(result.verdict.reasons[0].fault,
              is_server ? FaultSource::kServer : FaultSource::kClient);
  }
}

TEST(ResultBuilderTest, WarmupStaysOutOfTheResults) {
  TestRun run;
  v1::Phase warmup = run.facts.plan.phases(0);
  warmup.set_kind(v1::PHASE_WARMUP);
  *run.facts.plan.add_phases() = run.facts.plan.phases(0);
  *run.facts.plan.mutable_phases(0) = warmup;
  for (v1::Record& record : run.records) record.set_phase(1);
  run.Close();
  run.facts.phases.insert(run.facts.phases.begin(), PhaseFacts());
  ResultBuilder builder(run.facts.plan);
  for (const v1::Record& record : run.records) builder.AddRecord(record, TestRun::WorkerOf(record));
  builder.AddRecord(test_records::Streamed(0, 1), 0);
  builder.AddRecord(test_records::Streamed(1, 1), 0);
  EXPECT_EQ(builder.SummaryOf(0)->totals().completed, 2);
  EXPECT_EQ(builder.SummaryOf(7), nullptr);
  const RunResult result = builder.Finish(run.facts);
  EXPECT_EQ(ValueOf(result, "request_count"), 40);
  EXPECT_EQ(FindBlock(result.warmup_blocks, "request_count")->value, 2);
}

TEST(ResultBuilderTest, SeveralUrlsEachGetTheirFigures) {
  TestRun run;
  run.facts.plan.add_urls("http://127.0.0.1:8102");
  run.Close();
  const RunResult result = run.Finish();
  ASSERT_EQ(result.urls.size(), 2u);
  EXPECT_EQ(result.urls[1].url, "http://127.0.0.1:8102");
  EXPECT_EQ(FindBlock(result.urls[1].blocks, "request_count")->value, 20);
}

TEST(ResultBuilderTest, OrderOfRecordsDoesNotMatter) {
  TestRun run;
  run.facts.plan.mutable_report()->set_slice_ns(500 * kMs);
  run.Close();
  const RunResult in_order = run.Finish();
  for (uint32_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::shuffle(run.records.begin(), run.records.end(), random);
    const RunResult shuffled = run.Finish();
    EXPECT_NEAR(shuffled.profiling.load.gap_cv, in_order.profiling.load.gap_cv, 1e-9);
    EXPECT_NEAR(shuffled.profiling.load.reached_concurrency,
                in_order.profiling.load.reached_concurrency, 1e-9);
    ASSERT_EQ(shuffled.slices.size(), in_order.slices.size());
    for (size_t i = 0; i < in_order.slices.size(); ++i) {
      EXPECT_EQ(shuffled.slices[i].start_ns, in_order.slices[i].start_ns);
      EXPECT_EQ(FindBlock(shuffled.slices[i].blocks, "request_count")->value,
                FindBlock(in_order.slices[i].blocks, "request_count")->value);
    }
  }
}

TEST(ResultBuilderTest, SlicesHoldTheRequestsThatStartedInThem) {
  TestRun run;
  run.facts.plan.mutable_report()->set_slice_ns(500 * kMs);
  run.Close();
  const std::vector<Slice> slices = run.Finish().slices;
  ASSERT_EQ(slices.size(), 4u);
  EXPECT_EQ(slices[0].start_ns, 2 * kMs);
  EXPECT_EQ(slices[3].start_ns, 1502 * kMs);
  EXPECT_TRUE(slices[2].is_complete);
  EXPECT_TRUE(slices[3].is_complete);  // the last response ends after it
  for (const Slice& slice : slices) {
    EXPECT_EQ(FindBlock(slice.blocks, "request_count")->value, 10);
    EXPECT_DOUBLE_EQ(FindBlock(slice.blocks, "request_throughput")->value, 20);
  }
}

TEST(ResultBuilderPromptsTest, ACacheThatThePlanDoesNotExplainIsAReason) {
  TestRun run;
  for (v1::Record& record : run.records) {
    record.mutable_usage()->set_prompt_tokens(100);
    record.mutable_usage()->set_cached_prompt_tokens(96);
  }
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_EQ(result.profiling.prompts.distinct, TestRun::kRequests);
  ASSERT_EQ(result.verdict.reasons.size(), 1u);
  EXPECT_EQ(result.verdict.reasons[0].check, "unplanned_cached_share");
}

TEST(ResultBuilderPromptsTest, RepeatsThatWereAskedForAreNone) {
  TestRun run;
  run.facts.plan.mutable_dataset()->set_entries(1);
  for (v1::Record& record : run.records) {
    record.mutable_usage()->set_prompt_tokens(100);
    record.mutable_usage()->set_cached_prompt_tokens(96);
  }
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_EQ(result.profiling.prompts.distinct, 1u);
  EXPECT_EQ(result.verdict.status, VerdictStatus::kValid);
}

}  // namespace
}  // namespace drumfire

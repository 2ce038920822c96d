// Is the load that was sent judged fairly, and is each failure blamed on the right side?
#include <algorithm>

#include "coordinator/results/result_builder.h"
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

TEST(ResultBuilderLoadTest, AllRequestsFailingStillGivesAFullResult) {
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

TEST(ResultBuilderLoadTest, RequestsThatCouldNotBeSentCountAsFailures) {
  TestRun run;
  for (v1::Record& record : run.records) {
    const int64_t end_ns = record.end_ns();
    record = test_records::Failed(record.session(), 0, 0, "", "connection refused");
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

TEST(ResultBuilderLoadTest, ConnectTimeIsNotSendDelay) {
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

TEST(ResultBuilderLoadTest, OneSlowConnectIsNoP99) {
  TestRun run;
  v1::Record& slow = run.records[5];
  slow.set_ready_ns(slow.sent_ns() - 100 * kMs);
  slow.set_intended_ns(slow.ready_ns());
  slow.set_connect_ns(100 * kMs);
  run.Close();
  EXPECT_THAT(Checks(run.Finish()), ::testing::Not(::testing::Contains("connect_wait_p99_ms")));
}

TEST(ResultBuilderLoadTest, OneLateRequestOfFortyIsNoP99) {
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

TEST(ResultBuilderLoadTest, ALargeFirstWaveCostsAClosedLoopNothing) {
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

TEST(ResultBuilderLoadTest, RequestsCancelledAtTheEndAreNoErrors) {
  TestRun run;
  *run.facts.plan.mutable_report()->add_fail_if() = *ParseFailIf("request_error_rate>0");
  run.records.back().set_outcome(v1::OUTCOME_CANCELLED);
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_EQ(result.goals.at(0).value, 0);
  EXPECT_FALSE(result.goals.at(0).is_missed);
}

TEST(ResultBuilderLoadTest, ReportsAskedAndReached) {
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

TEST(ResultBuilderLoadTest, TellsTheServersSlownessFromTheClients) {
  for (const bool is_server : {true, false}) {
    TestRun run;
    if (is_server) run.facts.plan.mutable_phases(0)->set_concurrency(4);
    for (v1::Record& record : run.records) {
      const int64_t late_ns = static_cast<int64_t>(record.session()) * 5 * kMs;
      v1::Record moved =
          test_records::Streamed(record.session(), record.sent_ns() / kMs + late_ns / kMs);
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

}  // namespace
}  // namespace drumfire

// Does a journal without an end give a partial result, and one with an end the facts it tells?
#include "coordinator/run/run_assembler.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::HasSubstr;

v1::RunManifest Manifest() {
  v1::RunManifest manifest;
  manifest.set_run_id(std::string(16, 'r'));
  manifest.add_notes("first");
  v1::Plan* plan = manifest.mutable_plan();
  plan->add_urls("http://a");
  plan->add_models("m");
  v1::Phase* phase = plan->add_phases();
  phase->set_kind(v1::PHASE_PROFILING);
  phase->set_concurrency(1);
  phase->set_request_count(2);
  return manifest;
}

v1::RecordBatch OneRecord(uint64_t k) {
  v1::RecordBatch batch;
  v1::Record* record = batch.add_records();
  record->set_session(k);
  record->set_sent_ns(10);
  record->set_end_ns(20);
  record->set_last_token_ns(20);
  return batch;
}

v1::WorkerPhaseDone Done(uint64_t granted, uint64_t completed) {
  v1::WorkerPhaseDone done;
  done.set_granted(granted);
  done.mutable_done()->mutable_totals()->set_granted(granted);
  done.mutable_done()->mutable_totals()->set_begun(completed);
  done.mutable_done()->mutable_totals()->set_sessions_completed(completed);
  done.mutable_done()->mutable_totals()->set_sent(completed);
  done.mutable_done()->mutable_totals()->set_completed(completed);
  done.mutable_done()->mutable_totals()->set_unsent(granted - completed);
  done.mutable_done()->set_records_made(completed);
  return done;
}

TEST(RunAssembler, WithoutAnEndTheRunIsPartial) {
  RunAssembler assembler(Manifest());
  assembler.OnBatch(OneRecord(0));
  const RunResult result = assembler.Finish();
  EXPECT_FALSE(result.is_complete);
  EXPECT_THAT(result.facts.early_end, HasSubstr("killed"));
  EXPECT_EQ(result.profiling.totals.completed, 1);
}

TEST(RunAssembler, WithoutAnEndNobodyIsSaidToBeLostAndLossesAreUnknown) {
  RunAssembler assembler(Manifest());
  v1::PhaseStart start;
  start.add_workers()->set_worker(0);
  start.add_workers()->set_worker(1);
  assembler.OnPhaseStart(start);
  v1::WorkerPhaseDone lost = Done(2, 0);  // before the end
  lost.mutable_done()->set_phase(0);
  lost.set_worker(1);
  lost.set_lost_reason("gone");
  assembler.OnPhaseDone(lost);
  assembler.OnBatch(OneRecord(0));
  const RunResult result = assembler.Finish();
  const Accounts& accounts = result.profiling.accounts;
  EXPECT_FALSE(accounts.credits.lost_is_known);
  EXPECT_TRUE(accounts.workers[0].is_open);
  EXPECT_FALSE(accounts.workers[0].is_lost);
  EXPECT_TRUE(accounts.workers[1].is_lost);
  EXPECT_EQ(result.verdict.status, VerdictStatus::kInvalid);
  EXPECT_THAT(result.verdict.reasons,
              testing::Contains(testing::Field(&VerdictReason::check, "unknown_end")));
}

TEST(RunAssembler, AnEndAfterAllClosingTotalsLeavesNothingUnknown) {
  RunAssembler assembler(Manifest());
  assembler.OnBatch(OneRecord(0));
  assembler.OnPhaseDone(Done(2, 1));
  EXPECT_TRUE(assembler.Finish().profiling.accounts.credits.lost_is_known);
}

TEST(RunAssembler, TheEndTellsTheClocks) {
  RunAssembler assembler(Manifest());
  v1::RunEnd end;
  end.add_clocks()->set_drift_ppm(3.5);
  assembler.OnRunEnd(end);
  const RunResult result = assembler.Finish();
  ASSERT_EQ(result.facts.clocks.size(), 1u);
  EXPECT_EQ(result.facts.clocks[0].drift_ppm(), 3.5);
}

TEST(RunAssembler, InterruptedRunCountsWhatWasNeverSent) {
  RunAssembler assembler(Manifest());
  assembler.OnBatch(OneRecord(0));
  assembler.OnPhaseDone(Done(2, 1));
  v1::RunEnd end;
  end.set_early_end("interrupted");
  end.add_notes("second");
  end.add_phases()->set_requests(2);
  end.mutable_phases(0)->set_interrupted(true);
  assembler.OnRunEnd(end);
  const RunResult result = assembler.Finish();
  EXPECT_TRUE(result.facts.was_cancelled);
  EXPECT_EQ(result.profiling.accounts.credits.scheduled, 2u);
  EXPECT_EQ(result.profiling.accounts.credits.cancelled, 1u);
  EXPECT_EQ(result.facts.notes, (std::vector<std::string>{"first", "second"}));
}

TEST(RunAssembler, LostWorkersHaveNoClosingTotalsButLastWords) {
  RunAssembler assembler(Manifest());
  v1::WorkerPhaseDone lost = Done(2, 0);
  lost.mutable_done()->mutable_health()->set_loop_stalls(3);
  lost.set_lost_reason("gone");
  assembler.OnPhaseDone(lost);
  const RunResult result = assembler.Finish();
  EXPECT_TRUE(result.facts.phases[0].done.empty());
  EXPECT_EQ(result.facts.phases[0].last_words.at(0).health().loop_stalls(), 3u);
  EXPECT_EQ(result.facts.phases[0].granted.at(0), 2u);
}

TEST(RunAssembler, AWorkerThatStartedLateIsNamed) {
  RunAssembler assembler(Manifest());
  v1::WorkerFacts facts;
  facts.set_address("host:1");
  assembler.OnWorkerFacts(facts);
  v1::WorkerPhaseDone done = Done(2, 2);
  done.set_start_late_ns(40'000'000);
  assembler.OnPhaseDone(done);
  const RunResult result = assembler.Finish();
  EXPECT_THAT(result.notes, testing::Contains(HasSubstr("host:1 started 40 ms late")));
}

TEST(RunAssembler, AStartInTimeIsNotNoted) {
  RunAssembler assembler(Manifest());
  v1::WorkerPhaseDone done = Done(2, 2);
  done.set_start_late_ns(1'000'000);
  assembler.OnPhaseDone(done);
  EXPECT_EQ(assembler.Finish().facts.notes.size(), 1u);
}

TEST(RunAssembler, RecordsOfPhasesThatThePlanDoesNotHaveAreNoted) {
  RunAssembler assembler(Manifest());
  v1::RecordBatch batch = OneRecord(0);
  for (const uint32_t phase : {1u, 1u << 31}) batch.add_records()->set_phase(phase);
  assembler.OnBatch(batch);
  const RunResult result = assembler.Finish();
  EXPECT_EQ(result.profiling.totals.completed, 1);
  EXPECT_THAT(result.notes, testing::Contains(HasSubstr("2 records were left out")));
}

TEST(RunAssembler, PhasesThatThePlanDoesNotHaveAreIgnored) {
  RunAssembler assembler(Manifest());
  v1::WorkerPhaseDone done = Done(1, 1);
  done.mutable_done()->set_phase(9);
  assembler.OnPhaseDone(done);
  EXPECT_TRUE(assembler.Finish().facts.phases[0].done.empty());
}

}  // namespace
}  // namespace drumfire

// Does the dry run say how much would be sent, for every kind of load?
#include "coordinator/cli/dry_run_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "coordinator/cli/fake_inputs.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

std::string SummaryOfFile(const InputFile& rows, absl::string_view flags) {
  FakeInputs machine;
  machine.row_files["rows.jsonl"] = rows;
  absl::StatusOr<ProfileRequest> request =
      ParseWith(absl::StrCat("--input-file rows.jsonl ", flags), machine);
  EXPECT_TRUE(request.ok()) << request.status();
  request->plan.mutable_tokenizer()->set_kind(v1::TOKENIZER_NONE);
  const absl::StatusOr<std::string> summary = DryRunSummary(*request);
  EXPECT_TRUE(summary.ok()) << summary.status();
  return *summary;
}

// Texts come with their lengths, so that no real vocabulary is needed.
std::string SummaryOf(absl::string_view flags) { return SummaryOfFile(TextRows(), flags); }

TEST(DryRunSummaryTest, ARateHasAnEndOfItsOwn) {
  const std::string text = SummaryOf(
      "--request-rate 4 --arrival-pattern constant --request-count 9 --osl 7 --concurrency 3");
  EXPECT_THAT(text, HasSubstr("Requests    9\n"));
  EXPECT_THAT(text, HasSubstr("Load        4 requests/s, at most 3 in flight\n"));
  EXPECT_THAT(text, HasSubstr("Duration    2.00 s until the last request is due"));
  EXPECT_THAT(text, HasSubstr("Tokens      27 in, 63 out ("));
  EXPECT_THAT(text, HasSubstr("and 7 out per request)"));
  EXPECT_THAT(text, HasSubstr("Workers     1 needed if the server"));
}

TEST(DryRunSummaryTest, NamesTheSeedThatRepeatsIt) {
  EXPECT_THAT(SummaryOf(""),
              HasSubstr("Seed        --random-seed 4711 (drawn for this command)\n"));
  EXPECT_THAT(SummaryOf("--random-seed 5"), HasSubstr("Seed        --random-seed 5\n"));
}

TEST(DryRunSummaryTest, AClosedLoopLastsAsLongAsTheServerTakes) {
  const std::string text = SummaryOf("--concurrency 2 --request-count 8");
  EXPECT_THAT(text, HasSubstr("Requests    8\n"));
  EXPECT_THAT(text, HasSubstr("Duration    as long as the server takes"));
  EXPECT_THAT(text, HasSubstr("output without a limit (no --osl)"));
}

TEST(DryRunSummaryTest, ADurationBoundsAClosedLoop) {
  const std::string text = SummaryOf("--concurrency 2 --benchmark-duration 60");
  EXPECT_THAT(text, HasSubstr("Requests    as many as are answered in 60 s\n"));
  EXPECT_THAT(text, HasSubstr("Duration    60.0 s at most"));
}

TEST(DryRunSummaryTest, AWarmupIsAPhaseOfItsOwn) {
  const std::string text = SummaryOf("--concurrency 2 --request-count 8 --warmup-request-count 5");
  EXPECT_THAT(text, HasSubstr("Phase       warmup\nRequests    5\n"));
  EXPECT_THAT(text, HasSubstr("Phase       profiling\nRequests    8\n"));
}

TEST(DryRunSummaryTest, ADenseTraceNeedsWorkers) {
  InputFile trace;
  trace.kind = v1::DATASET_SINGLE_TURN;
  for (int i = 0; i < 20'000; ++i) {
    trace.rows.add_isl(3);
    trace.rows.add_osl(100);
    trace.rows.add_texts("one");
    trace.rows.add_timestamp_ns(int64_t{50'000} * i);
  }
  const std::string text = SummaryOfFile(trace, "--fixed-schedule --streaming");
  EXPECT_THAT(text, HasSubstr("Duration    1.00 s"));
  EXPECT_THAT(text, HasSubstr("Workers     19 needed"));
}

TEST(DryRunSummaryTest, FitsEightyColumns) {
  const std::string text =
      SummaryOf("--request-rate 123456 --request-count 100000 --concurrency 30000 --streaming");
  for (const absl::string_view line : absl::StrSplit(text, '\n'))
    EXPECT_LE(line.size(), 80U) << line;
}

}  // namespace
}  // namespace drumfire

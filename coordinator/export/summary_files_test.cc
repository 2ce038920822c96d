// Do the summary files have AIPerf's names, order, units and formulas?
#include <cmath>

#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "coordinator/export/json_parts.h"
#include "coordinator/export/slices_export.h"
#include "coordinator/export/summary_csv.h"
#include "coordinator/export/summary_json.h"
#include "coordinator/results/test_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> JsonKeysOf(const Json& json) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  return keys;
}

Json Summary(TestRun* run) {
  run->Close();
  return Json::parse(SummaryJson(run->Finish(), "artifacts/x"));
}

void Fail(TestRun* run, uint64_t k, uint32_t status, const char* reason, const char* message) {
  run->records[k] = test_records::Failed(k, run->records[k].sent_ns() / test_records::kMs, status,
                                         reason, message);
}

TEST(SummaryJsonTest, ErrorMessagesOfAnyBytesStayReadable) {
  TestRun run;
  Fail(&run, 3, 500, "Internal Server Error", "bad \xff bytes \"quoted\"");
  const Json json = Summary(&run);
  ASSERT_EQ(json["error_summary"].size(), 1u);
  EXPECT_THAT(JsonKeysOf(json["error_summary"][0]["error_details"]),
              ElementsAre("code", "type", "message"));
  EXPECT_EQ(json["error_summary"][0]["error_details"]["type"], "Internal Server Error");
  EXPECT_EQ(json["error_summary"][0]["count"], 1);
  EXPECT_EQ(json["error_request_count"]["avg"], 1.0);
}

TEST(SummaryJsonTest, MostFrequentErrorStandsFirst) {
  TestRun run;
  Fail(&run, 1, 429, "Too Many Requests", "slow down");
  Fail(&run, 2, 500, "Internal Server Error", "boom");
  Fail(&run, 3, 500, "Internal Server Error", "boom");
  const Json json = Summary(&run);
  EXPECT_EQ(json["error_summary"][0]["error_details"]["code"], 500);
  EXPECT_EQ(json["error_summary"][1]["error_details"]["code"], 429);
}

TEST(SummaryJsonTest, AllFailedStillHasItsFileAndNoLatencies) {
  TestRun run;
  for (uint64_t k = 0; k < TestRun::kRequests; ++k)
    Fail(&run, k, 503, "Service Unavailable", "down");
  const Json json = Summary(&run);
  EXPECT_FALSE(json.contains("request_latency"));
  EXPECT_EQ(json["request_error_rate"]["avg"], 100.0);
  EXPECT_EQ(json["drumfire"]["verdict"]["status"], "FAILED");
}

TEST(SummaryJsonTest, TopLevelKeysStandInAiperfsOrder) {
  TestRun run;
  const std::vector<std::string> keys = JsonKeysOf(Summary(&run));
  EXPECT_THAT(std::vector<std::string>(keys.begin(), keys.begin() + 27),
              ElementsAre("schema_version", "aiperf_version", "benchmark_id", "request_throughput",
                          "request_latency", "request_count", "time_to_first_token",
                          "time_to_second_token", "inter_token_latency", "output_token_throughput",
                          "output_token_throughput_per_user", "output_sequence_length",
                          "input_sequence_length", "output_token_count", "inter_chunk_latency",
                          "total_output_tokens", "benchmark_duration", "total_isl", "total_osl",
                          "telemetry_data", "input_config", "run_info", "was_cancelled",
                          "is_complete", "error_summary", "start_time", "end_time"));
  EXPECT_EQ(keys.back(), "drumfire");
  EXPECT_EQ(keys[keys.size() - 2], "metrics");
}

TEST(SummaryJsonTest, BlocksHaveAiperfsKeys) {
  TestRun run;
  const Json json = Summary(&run);
  EXPECT_THAT(JsonKeysOf(json["request_latency"]),
              ElementsAre("unit", "avg", "p1", "p5", "p10", "p25", "p50", "p75", "p90", "p95",
                          "p99", "min", "max", "std", "count", "sum"));
  EXPECT_THAT(JsonKeysOf(json["request_throughput"]), ElementsAre("unit", "avg"));
  EXPECT_EQ(json["metrics"]["request_latency"], json["request_latency"]);
  EXPECT_FALSE(json.contains("min_request_timestamp"));
  EXPECT_FALSE(json.contains("reasoning_token_count"));
}

double Seconds(const Json& time) {
  absl::Time parsed;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%dT%H:%M:%E*S", time.get<std::string>(), absl::LocalTimeZone(),
                              &parsed, &error));
  return absl::ToDoubleSeconds(parsed - absl::UnixEpoch());
}

TEST(SummaryJsonTest, RatesDivideByTheWindowOfItsTimes) {
  TestRun run;
  const Json json = Summary(&run);
  const double window = Seconds(json["end_time"]) - Seconds(json["start_time"]);
  EXPECT_NEAR(json["request_throughput"]["avg"].get<double>(), 40 / window, 1e-5);
  EXPECT_NEAR(json["output_token_throughput"]["avg"].get<double>(), 200 / window, 1e-4);
  EXPECT_NEAR(json["benchmark_duration"]["avg"].get<double>(), 39 * 0.05 + 0.09, 1e-9);
  EXPECT_NEAR(json["effective_latency"]["avg"].get<double>(), 91.1, 1e-9);
  EXPECT_NEAR(json["effective_concurrency"]["avg"].get<double>(), 40 * 0.091 / window, 1e-4);
  EXPECT_NEAR(json["effective_decode_throughput"]["avg"].get<double>(), 40 * 4 / window, 1e-3);
}

TEST(SummaryJsonTest, DrumfiresOwnObjectSaysWhatWasReached) {
  TestRun run;
  const Json own = Summary(&run)["drumfire"];
  EXPECT_EQ(own["verdict"]["status"], "VALID");
  EXPECT_EQ(own["credits"]["scheduled"], 40);
  EXPECT_EQ(own["credits"]["completed"], 40);
  EXPECT_EQ(own["load"]["asked_rate"], 20.0);
  EXPECT_NEAR(own["load"]["reached_rate"].get<double>(), 20, 1e-9);
  EXPECT_EQ(own["stamps"]["source"], "kernel");
  EXPECT_EQ(own["engine"], "native");
  EXPECT_EQ(own["workers"].size(), 2u);
  EXPECT_EQ(own["workers"][0]["cores"], 1.5);
  EXPECT_EQ(own["workers"][0]["free_memory_bytes"], 1 << 30);
  EXPECT_EQ(own["workers"][1]["start_late_ns"], 25);
  EXPECT_EQ(own["clock"]["start_error_bound_ns"], 1500);
  EXPECT_EQ(own["instrument"]["read_delay_p99_ns"], 40000);
  EXPECT_NEAR(own["delays"]["schedule_delay"]["avg"].get<double>(), 2, 1e-9);
}

TEST(SummaryJsonTest, WithoutWorkersNoClockIsOff) {
  EXPECT_EQ(ClockJson(RunResult())["start_error_bound_ns"], 0);
}

TEST(SummaryCsvTest, QuotesWhatNeedsIt) {
  EXPECT_EQ(CsvField("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvField("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(CsvField("plain"), "plain");
  EXPECT_EQ(CsvNumber(NAN), "");
  EXPECT_EQ(CsvNumber(1234.5), "1234.50");
}

TEST(SummaryCsvTest, HasThreePartsSortedByTag) {
  TestRun run;
  run.Close();
  const std::string csv = SummaryCsv(run.Finish());
  const std::vector<std::string> lines = absl::StrSplit(csv, '\n');
  EXPECT_EQ(lines[0], "Metric,avg,min,max,sum,p1,p5,p10,p25,p50,p75,p90,p95,p99,std");
  EXPECT_THAT(lines[1], StartsWith("Credit-to-Start Latency (ms),"));
  EXPECT_THAT(
      lines,
      Contains(
          "Input Sequence Length (tokens),100.00,100.00,100.00,4000.00,100.00,100.00,100.00,100.00,"
          "100.00,100.00,100.00,100.00,100.00,0.00"));
  EXPECT_THAT(csv, HasSubstr("\n\nMetric,Value\n"));
  EXPECT_THAT(lines, Contains("Request Count,40.00"));
  EXPECT_THAT(lines, Contains(StartsWith("Request Throughput (requests/sec),")));
  EXPECT_THAT(csv, HasSubstr("\n\n\nEndpoint,GPU_Index,GPU_Name,GPU_UUID,Platform,Metric,avg,"));
}

TEST(SlicesTest, CarryWallTimesAndTidyRows) {
  TestRun run;
  run.facts.plan.mutable_report()->set_slice_ns(700 * test_records::kMs);
  run.Close();
  const RunResult result = run.Finish();
  const Json json = Json::parse(SlicesJson(result, "x"));
  ASSERT_EQ(json["timeslices"].size(), 3u);
  EXPECT_EQ(json["timeslices"][0]["start_ns"], TestRun::kWallStartNs + 2 * test_records::kMs);
  EXPECT_FALSE(json["timeslices"][0].contains("is_complete"));
  EXPECT_EQ(json["timeslices"][2]["is_complete"], false);
  EXPECT_EQ(json["timeslices"][2]["end_ns"], TestRun::kWallStartNs + result.profiling.window_ns);
  EXPECT_EQ(json["timeslices"][0]["request_count"]["avg"], 14.0);
  EXPECT_TRUE(json.contains("input_config"));
  const std::string csv = SlicesCsv(result);
  EXPECT_THAT(
      csv, StartsWith("Timeslice,Start_NS,End_NS,Metric,Unit,Stat,Value\n0,1795353989002000000,"));
  EXPECT_THAT(csv, HasSubstr(",Request Count,requests,avg,14.00\n"));
  EXPECT_THAT(csv, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace drumfire

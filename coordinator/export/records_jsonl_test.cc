// Is each request's line as AIPerf's, whatever became of the request?
#include "coordinator/export/records_jsonl.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "coordinator/export/json_parts.h"
#include "coordinator/results/test_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RecordsJsonlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "records_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path() const { return folder_ + "/profile_export.jsonl"; }
  // The lines for some records of the test run's plan.
  std::vector<Json> Lines(const std::vector<v1::Record>& records) {
    auto file = RecordsJsonl::Create(Path(), run_.facts.plan, run_.facts.run_id, 0);
    EXPECT_TRUE(file.ok()) << file.status();
    (*file)->SetPhaseStart(0, TestRun::kWallStartNs);
    for (const v1::Record& record : records) (*file)->Add(record, 7);
    EXPECT_TRUE((*file)->Commit().ok());
    std::ifstream stream(Path());
    std::vector<Json> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line));
    return lines;
  }

  TestRun run_;
  std::string folder_;
};

std::vector<std::string> KeysOf(const Json& json) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  return keys;
}

TEST_F(RecordsJsonlTest, MissingFolderIsAnErrorWithThePath) {
  const auto file =
      RecordsJsonl::Create(folder_ + "/none/x.jsonl", run_.facts.plan, run_.facts.run_id, 0);
  EXPECT_THAT(std::string(file.status().message()), HasSubstr(folder_ + "/none/x.jsonl"));
}

TEST_F(RecordsJsonlTest, NothingStandsThereWithoutCommit) {
  { const auto file = RecordsJsonl::Create(Path(), run_.facts.plan, run_.facts.run_id, 0); }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(RecordsJsonlTest, StopsAtTheLimitAndCountsTheRest) {
  auto file = RecordsJsonl::Create(Path(), run_.facts.plan, run_.facts.run_id, 30);
  for (const v1::Record& record : run_.records) (*file)->Add(record, 0);
  EXPECT_EQ((*file)->left_out(), 10u);
}

TEST_F(RecordsJsonlTest, FailedRequestCarriesItsErrorAndItsIslOnly) {
  const v1::Record failed =
      test_records::Failed(5, 100, 500, "Internal Server Error", "{\"error\": \"b\x01oom\"}");
  const Json line = Lines({failed})[0];
  EXPECT_THAT(KeysOf(line), ElementsAre("metadata", "metrics", "error", "drumfire"));
  EXPECT_THAT(KeysOf(line["metrics"]), ElementsAre("error_isl"));
  EXPECT_EQ(line["error"]["code"], 500);
  EXPECT_EQ(line["error"]["message"], "{\"error\": \"b\x01oom\"}");
  EXPECT_FALSE(line["metadata"].contains("request_ack_ns"));
}

TEST_F(RecordsJsonlTest, CancelledRequestHasAiperfsCodeAndItsTime) {
  v1::Record cancelled = test_records::Failed(5, 100, 0, "", "");
  cancelled.set_outcome(v1::OUTCOME_CANCELLED);
  const Json line = Lines({cancelled})[0];
  EXPECT_EQ(line["error"]["code"], 499);
  EXPECT_EQ(line["error"]["type"], "RequestCancellationError");
  EXPECT_EQ(line["metadata"]["was_cancelled"], true);
  EXPECT_EQ(line["metadata"]["cancellation_time_ns"], line["metadata"]["request_end_ns"]);
}

TEST_F(RecordsJsonlTest, RefusedConnectionHasTimesAndNoCode) {
  v1::Record refused;
  refused.set_outcome(v1::OUTCOME_FAILED);
  refused.mutable_error()->set_kind(v1::ERROR_REFUSED);
  refused.set_intended_ns(5);
  refused.set_ready_ns(5);
  refused.set_sent_ns(-1);
  refused.set_end_ns(-1);
  const Json line = Lines({refused})[0];
  EXPECT_FALSE(line["error"].contains("code"));
  EXPECT_EQ(line["error"]["type"], "ConnectionRefused");
  EXPECT_EQ(line["metadata"]["request_start_ns"], TestRun::kWallStartNs + 5);
  EXPECT_EQ(line["metadata"]["request_end_ns"], TestRun::kWallStartNs + 5);
}

TEST_F(RecordsJsonlTest, DroppedRequestHasNoLine) {
  v1::Record dropped;
  dropped.set_outcome(v1::OUTCOME_DROPPED);
  EXPECT_TRUE(Lines({dropped}).empty());
}

TEST_F(RecordsJsonlTest, MetadataStandsInAiperfsOrder) {
  const Json line = Lines({run_.records[3]})[0];
  EXPECT_THAT(
      KeysOf(line["metadata"]),
      ElementsAre("session_num", "x_request_id", "x_correlation_id", "conversation_id",
                  "turn_index", "credit_issued_ns", "request_start_ns", "request_ack_ns",
                  "request_end_ns", "worker_id", "record_processor_id", "benchmark_phase",
                  "phase_index", "profiling_index", "phase_name", "phase_kind", "was_cancelled",
                  "context_overflow_skip", "agent_depth", "root_correlation_id"));
  EXPECT_EQ(line["metadata"]["session_num"], 3);
  EXPECT_EQ(line["metadata"]["worker_id"], "worker_00000007");
  EXPECT_EQ(line["metadata"]["request_start_ns"],
            TestRun::kWallStartNs + run_.records[3].sent_ns());
}

TEST_F(RecordsJsonlTest, ATurnHasItsIndexAndARequestIdOfItsOwn) {
  v1::Record later = run_.records[3];
  later.set_turn(2);
  later.set_turns(4);
  const std::vector<Json> lines = Lines({run_.records[3], later});
  const Json& first = lines[0]["metadata"];
  const Json& second = lines[1]["metadata"];
  EXPECT_EQ(first["turn_index"], 0);
  EXPECT_EQ(second["turn_index"], 2);
  EXPECT_EQ(second["session_num"], 3);
  EXPECT_NE(second["x_request_id"], first["x_request_id"]);
  EXPECT_EQ(second["x_correlation_id"], first["x_correlation_id"]);
}

TEST_F(RecordsJsonlTest, MetricsFollowAiperfsFormulas) {
  *run_.facts.plan.mutable_report()->add_goodput() = (*ParseGoodput("time_to_first_token:100"))[0];
  const Json metrics = Lines({run_.records[3]})[0]["metrics"];
  const auto value = [&](const char* tag) { return metrics[tag]["value"].get<double>(); };
  const double latency = value("request_latency"), ttft = value("time_to_first_token");
  const double osl = value("output_sequence_length");
  EXPECT_DOUBLE_EQ(value("inter_token_latency"), (latency - ttft) / (osl - 1));
  EXPECT_DOUBLE_EQ(value("output_token_throughput_per_user"), 1000 / value("inter_token_latency"));
  EXPECT_DOUBLE_EQ(value("e2e_output_token_throughput"), 1000 * osl / latency);
  EXPECT_DOUBLE_EQ(value("prefill_throughput_per_user"),
                   1000 * value("input_sequence_length") / ttft);
  EXPECT_DOUBLE_EQ(value("decode_duration"), latency - ttft);
  EXPECT_EQ(metrics["inter_chunk_latency"]["value"], Json({10.0, 10.0, 10.0, 10.0}));
  EXPECT_EQ(metrics["inter_chunk_latency"]["unit"], "ms");
  EXPECT_TRUE(metrics["output_sequence_length"]["value"].is_number_integer());
  EXPECT_TRUE(metrics["request_latency"]["value"].is_number_float());
  EXPECT_EQ(metrics["good_request_count"]["value"], 1);
}

}  // namespace
}  // namespace drumfire

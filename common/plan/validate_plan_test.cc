// Is every plan that cannot be run refused with one line that names the field?
#include "common/plan/validate_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <vector>

#include "common/plan/blob.h"
#include "common/plan/version.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

v1::Plan ValidPlan() {
  ChunkMap chunks;
  v1::Plan plan;
  plan.set_protocol_version(kProtocolVersion);
  plan.add_urls("http://127.0.0.1:8000");
  plan.add_models("m");
  plan.mutable_endpoint()->set_batch_size(1);
  plan.mutable_tokenizer()->set_kind(v1::TOKENIZER_TIKTOKEN);
  *plan.mutable_tokenizer()->mutable_file() = MakeBlob("IQ== 0\n", &chunks);
  plan.mutable_dataset()->set_entries(100);
  plan.mutable_dataset()->set_isl_mean(550);
  v1::Phase* phase = plan.add_phases();
  phase->set_kind(v1::PHASE_PROFILING);
  phase->set_concurrency(1);
  phase->set_request_count(10);
  return plan;
}

v1::Phase* PhaseOf(v1::Plan& plan) { return plan.mutable_phases(0); }

struct Case {
  const char* name;
  std::function<void(v1::Plan&)> spoil;
  const char* message;
};

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<Case> TargetCases() {
  return {
      {"NoUrls", [](v1::Plan& p) { p.clear_urls(); }, "urls: found 0"},
      {"OtherScheme", [](v1::Plan& p) { p.set_urls(0, "ftp://x"); }, "urls: found \"ftp://x\""},
      {"UrlOfTwoLines", [](v1::Plan& p) { p.set_urls(0, "http://x\r\nA: b"); }, "urls: found"},
      {"NoModels", [](v1::Plan& p) { p.clear_models(); }, "models: found 0"},
      {"EmptyModel", [](v1::Plan& p) { p.set_models(0, ""); }, "models: found an empty name"},
      {"OtherProtocol", [](v1::Plan& p) { p.set_protocol_version(99); },
       "protocol_version: found 99"},
      {"NoBatch", [](v1::Plan& p) { p.mutable_endpoint()->set_batch_size(0); },
       "endpoint.batch_size"},
      {"UnknownEndpoint",
       [](v1::Plan& p) { p.mutable_endpoint()->set_type(static_cast<v1::EndpointType>(9)); },
       "endpoint.type: found 9"},
      {"StreamingEmbeddings",
       [](v1::Plan& p) {
         p.mutable_endpoint()->set_type(v1::ENDPOINT_EMBEDDINGS);
         p.mutable_endpoint()->set_streaming(true);
       },
       "endpoint.streaming"},
      {"HeaderOfTwoLines",
       [](v1::Plan& p) {
         v1::Header* header = p.mutable_endpoint()->add_headers();
         header->set_name("a");
         header->set_value("b\r\nc: d");
       },
       "endpoint.headers: found a control character"},
      {"HeadersOfGigabytes",
       [](v1::Plan& p) {
         while (p.urls_size() < 4096) p.add_urls("http://h");
         v1::Header* header = p.mutable_endpoint()->add_headers();
         header->set_name("a");
         header->set_value(std::string(1 << 20, 'b'));
       },
       "endpoint.headers: found 1048577 bytes for 4096 urls, expected at most 67108864"},
      {"NegativeTimeout", [](v1::Plan& p) { p.mutable_connections()->set_request_timeout_ns(-1); },
       "connections.request_timeout_ns: found -1"},
      {"PollIntervalBelowAdaptive",
       [](v1::Plan& p) { p.mutable_engine()->set_poll_interval_ns(-2); },
       "engine.poll_interval_ns: found -2"},
  };
}

std::vector<Case> DataCases() {
  return {
      {"NoTokenizer", [](v1::Plan& p) { p.clear_tokenizer(); }, "tokenizer.kind: found none"},
      {"TokenizerWithoutFile", [](v1::Plan& p) { p.mutable_tokenizer()->clear_file(); },
       "tokenizer.file: found no bytes"},
      {"BlobOfWrongSize",
       [](v1::Plan& p) { p.mutable_tokenizer()->mutable_file()->set_size_bytes(~uint64_t{0}); },
       "tokenizer.file: found 18446744073709551615 bytes"},
      {"FileWithoutEntries",
       [](v1::Plan& p) {
         p.mutable_dataset()->set_kind(v1::DATASET_SINGLE_TURN);
         p.mutable_dataset()->mutable_rows()->set_size_bytes(1);
         p.mutable_dataset()->set_entries(0);
       },
       "dataset.entries: found 0"},
      {"TooManyEntries",
       [](v1::Plan& p) { p.mutable_dataset()->set_entries(plan_limits::kMaxEntries + 1); },
       "dataset.entries"},
      {"MoreSharedThanThereIs",
       [](v1::Plan& p) { p.mutable_dataset()->set_shared_prefix_share(1.5); },
       "dataset.shared_prefix_share: found 1.5"},
      {"NanLength", [](v1::Plan& p) { p.mutable_dataset()->set_isl_mean(kNan); },
       "dataset.isl_mean: found nan"},
      {"HugeLength", [](v1::Plan& p) { p.mutable_dataset()->set_osl_mean(1e12); },
       "dataset.osl_mean"},
      {"NanTurns", [](v1::Plan& p) { p.mutable_dataset()->set_turns_mean(kNan); },
       "dataset.turns_mean: found nan"},
      {"TooManyTurns", [](v1::Plan& p) { p.mutable_dataset()->set_turns_mean(1e6); },
       "dataset.turns_mean"},
      {"NegativeTurnDelaySpread",
       [](v1::Plan& p) { p.mutable_dataset()->set_turn_delay_stddev_ns(-1); },
       "dataset.turn_delay_stddev_ns: found -1"},
      {"NegativeTurnDelay", [](v1::Plan& p) { p.mutable_dataset()->set_turn_delay_mean_ns(-1); },
       "dataset.turn_delay_mean_ns: found -1"},
      {"ConversationsWithoutHistory",
       [](v1::Plan& p) {
         p.mutable_endpoint()->set_type(v1::ENDPOINT_COMPLETIONS);
         p.mutable_dataset()->set_turns_mean(3);
       },
       "dataset.turns_mean: found conversations over completions"},
      {"ATokenizerOfGigabytes",
       [](v1::Plan& p) {
         v1::Blob* file = p.mutable_tokenizer()->mutable_file();
         file->set_size_bytes(kMaxBlobBytes);
         while (file->chunk_sha256_size() < 2048) file->add_chunk_sha256(file->chunk_sha256(0));
       },
       "tokenizer.file: found 2147483647 bytes, expected at most 268435456"},
      {"AnEmbeddingOfGigabytes",
       [](v1::Plan& p) {
         p.mutable_endpoint()->set_type(v1::ENDPOINT_EMBEDDINGS);
         p.mutable_endpoint()->set_batch_size(4096);
         p.mutable_dataset()->set_isl_mean(16'777'216);
       },
       "dataset.isl_mean: found up to 16777216 tokens x 4096 texts x 1 turns = 68719476736 in one "
       "request, expected at most 16777216"},
      {"AnEmbeddingThatMayBecomeGigabytes",
       [](v1::Plan& p) {
         p.mutable_endpoint()->set_type(v1::ENDPOINT_EMBEDDINGS);
         p.mutable_endpoint()->set_batch_size(4096);
         p.mutable_dataset()->set_isl_stddev(1e6);
       },
       "dataset.isl_mean: found up to 9000550 tokens x 4096 texts"},
      {"AConversationOfGigabytes",
       [](v1::Plan& p) {
         p.mutable_dataset()->set_turns_mean(65'536);
         p.mutable_dataset()->set_isl_mean(1000);
       },
       "dataset.isl_mean: found up to 1000 tokens x 1 texts x 65536 turns"},
      {"NoRows", [](v1::Plan& p) { p.mutable_dataset()->set_kind(v1::DATASET_SINGLE_TURN); },
       "dataset.rows: found no rows"},
  };
}

std::vector<Case> PhaseCases() {
  return {
      {"NoPhases", [](v1::Plan& p) { p.clear_phases(); }, "phases: found 0"},
      {"NoConcurrency", [](v1::Plan& p) { PhaseOf(p)->set_concurrency(0); },
       "phases[0].concurrency: found 0, expected 1 to"},
      {"NoStop", [](v1::Plan& p) { PhaseOf(p)->set_request_count(0); },
       "phases[0].request_count: found neither a count nor a duration"},
      {"TooManySessions",
       [](v1::Plan& p) { PhaseOf(p)->set_session_count(plan_limits::kMaxRequestCount + 1); },
       "phases[0].session_count"},
      {"NegativeDuration", [](v1::Plan& p) { PhaseOf(p)->set_duration_ns(-5); },
       "phases[0].duration_ns: found -5 ns"},
      {"GraceBelowEndless", [](v1::Plan& p) { PhaseOf(p)->set_grace_period_ns(-2); },
       "phases[0].grace_period_ns"},
      {"NanRate",
       [](v1::Plan& p) {
         PhaseOf(p)->set_mode(v1::LOAD_RATE);
         PhaseOf(p)->set_request_rate(kNan);
       },
       "phases[0].request_rate: found nan"},
      {"ARateForEver",
       [](v1::Plan& p) {
         PhaseOf(p)->set_mode(v1::LOAD_RATE);
         PhaseOf(p)->set_request_rate(1e8);
         PhaseOf(p)->set_request_count(0);
         PhaseOf(p)->set_duration_ns(plan_limits::kMaxTimeNs);
       },
       "phases[0].request_rate: found 1e+08 per second for 31622400 s = 3.16e+15 sessions, "
       "expected at most 1000000000000"},
      {"GammaWithoutShape",
       [](v1::Plan& p) {
         PhaseOf(p)->set_mode(v1::LOAD_RATE);
         PhaseOf(p)->set_request_rate(1);
         PhaseOf(p)->set_arrival_pattern(v1::ARRIVAL_GAMMA);
       },
       "phases[0].arrival_smoothness: found 0"},
      {"ScheduleWithoutTimes", [](v1::Plan& p) { PhaseOf(p)->set_mode(v1::LOAD_FIXED_SCHEDULE); },
       "a fixed schedule over synthetic data"},
      {"WarmupOnly", [](v1::Plan& p) { PhaseOf(p)->set_kind(v1::PHASE_WARMUP); },
       "phases[0].kind: found 0, expected warmup phases, then one profiling phase"},
      {"TwoProfilingPhases", [](v1::Plan& p) { *p.add_phases() = p.phases(0); }, "phases[0].kind"},
  };
}

class ValidatePlanTest : public ::testing::TestWithParam<Case> {};

TEST_P(ValidatePlanTest, NamesTheField) {
  v1::Plan plan = ValidPlan();
  GetParam().spoil(plan);
  const absl::Status status = ValidatePlan(plan);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().message));
}

std::string CaseName(const ::testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Targets, ValidatePlanTest, ::testing::ValuesIn(TargetCases()), CaseName);
INSTANTIATE_TEST_SUITE_P(Data, ValidatePlanTest, ::testing::ValuesIn(DataCases()), CaseName);
INSTANTIATE_TEST_SUITE_P(Phases, ValidatePlanTest, ::testing::ValuesIn(PhaseCases()), CaseName);

TEST(ValidatePlan, AcceptsTheLargestRequest) {
  v1::Plan plan = ValidPlan();
  plan.mutable_dataset()->set_isl_mean(plan_limits::kMaxSequenceTokens);
  plan.mutable_dataset()->set_isl_stddev(1e6);
  plan.mutable_endpoint()->set_batch_size(4096);  // chat takes one text
  EXPECT_TRUE(ValidatePlan(plan).ok()) << ValidatePlan(plan);
  plan.mutable_endpoint()->set_type(v1::ENDPOINT_EMBEDDINGS);
  plan.mutable_dataset()->set_isl_mean(4096);
  plan.mutable_dataset()->set_isl_stddev(0);
  EXPECT_TRUE(ValidatePlan(plan).ok()) << ValidatePlan(plan);
}

TEST(ValidatePlan, AcceptsClosedLoopRateAndWarmup) {
  v1::Plan plan = ValidPlan();
  EXPECT_TRUE(ValidatePlan(plan).ok()) << ValidatePlan(plan);
  PhaseOf(plan)->set_mode(v1::LOAD_RATE);
  PhaseOf(plan)->set_request_rate(20);
  PhaseOf(plan)->set_concurrency(0);
  PhaseOf(plan)->set_grace_period_ns(-1);
  EXPECT_TRUE(ValidatePlan(plan).ok()) << ValidatePlan(plan);
  *plan.add_phases() = plan.phases(0);
  PhaseOf(plan)->set_kind(v1::PHASE_WARMUP);
  EXPECT_TRUE(ValidatePlan(plan).ok()) << ValidatePlan(plan);
}

}  // namespace
}  // namespace drumfire

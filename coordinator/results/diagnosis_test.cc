// Are a server's anomalies explained to the reader, and only real ones?
#include "coordinator/results/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drumfire {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

v1::Plan Streaming() {
  v1::Plan plan;
  plan.mutable_endpoint()->set_type(v1::ENDPOINT_CHAT);
  plan.mutable_endpoint()->set_streaming(true);
  return plan;
}

// Five good answers, each with usage.
ResponseAnomalies Good() {
  ResponseAnomalies anomalies;
  anomalies.totals.completed = 5;
  anomalies.totals.usage_completion.requests = 5;
  anomalies.streamed_tokens = 100;
  anomalies.streamed_chunks = 95;
  return anomalies;
}

TEST(Diagnosis, IsSilentAboutGoodAnswers) {
  EXPECT_THAT(Diagnose(Streaming(), Good()), IsEmpty());
  v1::Plan embeddings;
  embeddings.mutable_endpoint()->set_type(v1::ENDPOINT_EMBEDDINGS);
  embeddings.mutable_records()->set_use_server_token_count(true);
  ResponseAnomalies anomalies = Good();
  anomalies.totals.usage_completion.requests = 0;
  EXPECT_THAT(Diagnose(embeddings, anomalies), IsEmpty());
}

TEST(Diagnosis, SaysThatTokenTimesNeedAStream) {
  v1::Plan whole = Streaming();
  whole.mutable_endpoint()->set_streaming(false);
  EXPECT_THAT(Diagnose(whole, Good()), ElementsAre(HasSubstr("need --streaming")));
}

TEST(Diagnosis, CountsRequestsThatWentWithoutStreamOptions) {
  ResponseAnomalies anomalies = Good();
  anomalies.without_usage = 7;
  EXPECT_THAT(Diagnose(Streaming(), anomalies),
              ElementsAre(HasSubstr("7 requests were sent without")));
}

TEST(Diagnosis, CountsAnswersThatWereNoStream) {
  ResponseAnomalies anomalies = Good();
  anomalies.unstreamed = 2;
  EXPECT_THAT(Diagnose(Streaming(), anomalies),
              ElementsAre(HasSubstr("2 of 5 responses were not streamed")));
}

TEST(Diagnosis, CountsAnswersWithoutUsageWhereItWasToBeCountedBy) {
  ResponseAnomalies anomalies = Good();
  anomalies.totals.usage_completion.requests = 2;
  EXPECT_THAT(Diagnose(Streaming(), anomalies), IsEmpty());
  v1::Plan plan = Streaming();
  plan.mutable_records()->set_use_server_token_count(true);
  EXPECT_THAT(Diagnose(plan, anomalies),
              ElementsAre(AllOf(HasSubstr("3 of 5"), HasSubstr("no OSL, no ITL, no ISL and"),
                                HasSubstr("--use-server-token-count"))));
  // Counts of the prompts may have come nevertheless.
  anomalies.totals.usage_prompt.requests = 5;
  EXPECT_THAT(Diagnose(plan, anomalies), ElementsAre(HasSubstr("no OSL, no ITL and no part")));
}

TEST(Diagnosis, CountsUsageThatIsNoCount) {
  ResponseAnomalies anomalies = Good();
  anomalies.totals.malformed_usage = 4;
  EXPECT_THAT(Diagnose(Streaming(), anomalies),
              ElementsAre(HasSubstr("4 of 5 responses contained a value")));
}

TEST(Diagnosis, CountsBodiesLeftOpenAndAnswersWithoutAToken) {
  ResponseAnomalies anomalies = Good();
  anomalies.left_open = 3;
  anomalies.no_output = 2;
  EXPECT_THAT(Diagnose(Streaming(), anomalies),
              ElementsAre(HasSubstr("3 responses ended with [DONE]"),
                          HasSubstr("2 responses had no tokens")));
}

TEST(Diagnosis, CountsStreamsWhoseEndNothingAnnounced) {
  ResponseAnomalies anomalies = Good();
  anomalies.unfinished = 2;
  EXPECT_THAT(Diagnose(Streaming(), anomalies),
              ElementsAre(AllOf(HasSubstr("2 streams ended without"), HasSubstr("UnfinishedStream"),
                                HasSubstr("--accept-unannounced-end"))));
}

TEST(Diagnosis, ExplainsInterTokenLatencyWhereChunksHoldSeveralTokens) {
  ResponseAnomalies anomalies = Good();
  anomalies.streamed_tokens = 240;
  anomalies.streamed_chunks = 44;
  EXPECT_THAT(Diagnose(Streaming(), anomalies),
              ElementsAre(AllOf(HasSubstr("5.5 tokens"), HasSubstr("inter_chunk_latency"))));
}

}  // namespace
}  // namespace drumfire

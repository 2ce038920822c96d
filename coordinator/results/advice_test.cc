// Is the reader told what a server's manners did to the figures, and only then?
#include "coordinator/results/advice.h"

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
AnswerManners Good() {
  AnswerManners manners;
  manners.totals.completed = 5;
  manners.totals.usage_completion.requests = 5;
  manners.streamed_tokens = 100;
  manners.streamed_chunks = 95;
  return manners;
}

TEST(Advice, IsSilentAboutGoodAnswers) {
  EXPECT_THAT(AdviceOf(Streaming(), Good()), IsEmpty());
  v1::Plan embeddings;
  embeddings.mutable_endpoint()->set_type(v1::ENDPOINT_EMBEDDINGS);
  embeddings.mutable_records()->set_use_server_token_count(true);
  AnswerManners manners = Good();
  manners.totals.usage_completion.requests = 0;
  EXPECT_THAT(AdviceOf(embeddings, manners), IsEmpty());
}

TEST(Advice, SaysThatTokenTimesNeedAStream) {
  v1::Plan whole = Streaming();
  whole.mutable_endpoint()->set_streaming(false);
  EXPECT_THAT(AdviceOf(whole, Good()), ElementsAre(HasSubstr("need --streaming")));
}

TEST(Advice, CountsRequestsThatWentWithoutStreamOptions) {
  AnswerManners manners = Good();
  manners.without_usage = 7;
  EXPECT_THAT(AdviceOf(Streaming(), manners),
              ElementsAre(HasSubstr("7 requests were sent without")));
}

TEST(Advice, CountsAnswersThatWereNoStream) {
  AnswerManners manners = Good();
  manners.unstreamed = 2;
  EXPECT_THAT(AdviceOf(Streaming(), manners), ElementsAre(HasSubstr("2 of 5 answers came whole")));
}

TEST(Advice, CountsAnswersWithoutUsageWhereItWasToBeCountedBy) {
  AnswerManners manners = Good();
  manners.totals.usage_completion.requests = 2;
  EXPECT_THAT(AdviceOf(Streaming(), manners), IsEmpty());
  v1::Plan plan = Streaming();
  plan.mutable_records()->set_use_server_token_count(true);
  EXPECT_THAT(AdviceOf(plan, manners),
              ElementsAre(AllOf(HasSubstr("3 of 5"), HasSubstr("no OSL, no ITL, no ISL and"),
                                HasSubstr("--use-server-token-count"))));
  // Counts of the prompts may have come nevertheless.
  manners.totals.usage_prompt.requests = 5;
  EXPECT_THAT(AdviceOf(plan, manners), ElementsAre(HasSubstr("no OSL, no ITL and no part")));
}

TEST(Advice, CountsUsageThatIsNoCount) {
  AnswerManners manners = Good();
  manners.totals.malformed_usage = 4;
  EXPECT_THAT(AdviceOf(Streaming(), manners),
              ElementsAre(HasSubstr("4 of 5 answers held a value")));
}

TEST(Advice, CountsBodiesLeftOpenAndAnswersWithoutAToken) {
  AnswerManners manners = Good();
  manners.left_open = 3;
  manners.no_output = 2;
  EXPECT_THAT(AdviceOf(Streaming(), manners),
              ElementsAre(HasSubstr("3 responses ended with [DONE]"),
                          HasSubstr("2 answers had no token at all")));
}

TEST(Advice, ExplainsInterTokenLatencyWhereChunksHoldSeveralTokens) {
  AnswerManners manners = Good();
  manners.streamed_tokens = 240;
  manners.streamed_chunks = 44;
  EXPECT_THAT(AdviceOf(Streaming(), manners),
              ElementsAre(AllOf(HasSubstr("5.5 tokens"), HasSubstr("inter_chunk_latency"))));
}

}  // namespace
}  // namespace drumfire

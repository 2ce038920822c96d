// Whose token count is taken, when, and is it said?
#include "worker/sink/token_counter.h"

#include <gtest/gtest.h>

#include "worker/sink/letter_tokenizer.h"

namespace drumfire {
namespace {

struct Counted {
  bool overflow;
  v1::Record record;
};

class TokenCounterTest : public ::testing::Test {
 protected:
  TokenCounterTest() {
    exchange_.escaped_text = R"(abc\n\u0041)";  // five letters
    exchange_.escaped_reasoning = "hm";
    exchange_.has_output = true;
  }
  void SetUsage(uint32_t completion, uint32_t reasoning) {
    exchange_.has_usage = true;
    exchange_.usage.set_completion_tokens(completion);
    exchange_.usage.set_reasoning_tokens(reasoning);
  }
  Counted Count(bool is_behind = false) {
    Counted counted;
    counted.overflow = TokenCounter(plan_, has_tokenizer_ ? &tokenizer_ : nullptr)
                           .Count(exchange_, is_behind, &counted.record);
    return counted;
  }

  v1::Plan plan_;
  bool has_tokenizer_ = true;
  LetterTokenizer tokenizer_;
  Exchange exchange_;
};

TEST_F(TokenCounterTest, FailedAndCancelledAnswersAreNotCounted) {
  SetUsage(9, 0);
  for (const v1::Outcome outcome :
       {v1::OUTCOME_FAILED, v1::OUTCOME_CANCELLED, v1::OUTCOME_DROPPED}) {
    exchange_.outcome = outcome;
    EXPECT_FALSE(Count().record.tokens_known());
  }
}

TEST_F(TokenCounterTest, EmbeddingsMakeNoTokens) {
  plan_.mutable_endpoint()->set_type(v1::ENDPOINT_EMBEDDINGS);
  exchange_.escaped_text.clear();
  EXPECT_FALSE(Count().record.tokens_known());
}

TEST_F(TokenCounterTest, WithoutTokenizerAndUsageNothingIsKnown) {
  has_tokenizer_ = false;
  const v1::Record record = Count().record;
  EXPECT_FALSE(record.tokens_known());
  EXPECT_EQ(record.output_tokens(), 0u);
}

TEST_F(TokenCounterTest, AUsageOfZeroBesideATextIsNoCount) {
  has_tokenizer_ = false;
  SetUsage(0, 0);
  EXPECT_FALSE(Count().record.tokens_known());
  exchange_.escaped_text.clear();
  exchange_.escaped_reasoning.clear();
  EXPECT_FALSE(Count().record.tokens_known()) << "the text came, but was not kept";
  exchange_.has_output = false;
  EXPECT_TRUE(Count().record.tokens_known());
}

TEST_F(TokenCounterTest, AUsageWithoutACompletionCountIsNoCountEvenOfNothing) {
  has_tokenizer_ = false;
  exchange_.has_output = false;
  exchange_.has_usage = true;
  exchange_.usage.set_prompt_tokens(7);
  EXPECT_FALSE(Count().record.tokens_known());
}

TEST_F(TokenCounterTest, CutTextTakesUsageOrNothing) {
  exchange_.text_cut = true;
  EXPECT_FALSE(Count().record.tokens_known());
  SetUsage(100, 0);
  const Counted counted = Count();
  EXPECT_TRUE(counted.record.tokens_from_usage());
  EXPECT_EQ(counted.record.output_tokens(), 100u);
  EXPECT_FALSE(counted.overflow);
}

TEST_F(TokenCounterTest, TheTokenizerCountsTheUnescapedTexts) {
  SetUsage(100, 0);
  const v1::Record record = Count().record;
  EXPECT_EQ(record.output_tokens(), 5u);
  EXPECT_EQ(record.reasoning_tokens(), 2u);
  EXPECT_TRUE(record.tokens_known());
  EXPECT_FALSE(record.tokens_from_usage());
}

TEST_F(TokenCounterTest, UsageWhenThePlanSaysSoWithReasoningTakenOut) {
  plan_.mutable_records()->set_use_server_token_count(true);
  SetUsage(10, 4);
  const v1::Record record = Count().record;
  EXPECT_EQ(record.output_tokens(), 6u);
  EXPECT_EQ(record.reasoning_tokens(), 4u);
  EXPECT_TRUE(record.tokens_from_usage());
}

TEST_F(TokenCounterTest, MoreReasoningThanTokensIsNotBelowZero) {
  has_tokenizer_ = false;
  SetUsage(3, 8);
  const v1::Record record = Count().record;
  EXPECT_EQ(record.output_tokens(), 0u);
  EXPECT_EQ(record.reasoning_tokens(), 3u);
}

TEST_F(TokenCounterTest, ATokenizerThatIsBehindGivesWayToUsageAndSaysSo) {
  SetUsage(10, 0);
  const Counted counted = Count(/*is_behind=*/true);
  EXPECT_TRUE(counted.overflow);
  EXPECT_EQ(counted.record.output_tokens(), 10u);
  EXPECT_TRUE(counted.record.tokens_from_usage());
}

TEST_F(TokenCounterTest, ATokenizerThatIsBehindStillCountsWhereThereIsNoUsage) {
  const Counted counted = Count(/*is_behind=*/true);
  EXPECT_FALSE(counted.overflow);
  EXPECT_EQ(counted.record.output_tokens(), 5u);
}

}  // namespace
}  // namespace drumfire

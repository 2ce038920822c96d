// Are repeats counted, and is the share that the server answered from its cache held against them?
#include "coordinator/results/prompt_figures.h"

#include "common/metrics/test_records.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

class PromptFiguresTest : public testing::Test {
 protected:
  // Requests of 100 tokens, of which the server says that it had `cached`.
  void Send(uint64_t requests, uint32_t cached, uint32_t prompt_tokens = 100) {
    for (uint64_t k = 0; k < requests; ++k) {
      v1::Record record = test_records::Streamed(k, 2);
      record.mutable_usage()->set_prompt_tokens(prompt_tokens);
      record.mutable_usage()->set_cached_prompt_tokens(cached);
      records_.push_back(record);
    }
  }

  PromptFigures Figures(uint64_t warmup_requests = 0) const {
    PromptTally tally(plan_);
    for (const v1::Record& record : records_) tally.Add(record);
    return MeasurePrompts(plan_, tally, warmup_requests);
  }

  v1::Plan plan_;
  std::vector<v1::Record> records_;
};

TEST_F(PromptFiguresTest, NothingSentIsNothingRepeated) {
  records_.push_back(test_records::Streamed(0, 2));
  records_.back().set_outcome(v1::OUTCOME_DROPPED);
  EXPECT_EQ(Figures().requests, 0U);
  EXPECT_EQ(Figures().repeated_share, 0);
}

TEST_F(PromptFiguresTest, AServerThatSaysNothingOfItsCacheIsNotJudged) {
  Send(10, 0);
  for (v1::Record& record : records_) record.mutable_usage()->clear_cached_prompt_tokens();
  EXPECT_FALSE(Figures().cached_share.has_value());
  records_[3].mutable_usage()->set_cached_prompt_tokens(50);
  EXPECT_DOUBLE_EQ(*Figures().cached_share, 0.05);
}

TEST_F(PromptFiguresTest, ACacheOfMoreThanThePromptIsAllOfIt) {
  Send(10, 250);
  EXPECT_DOUBLE_EQ(*Figures().cached_share, 1);
}

TEST_F(PromptFiguresTest, PromptsOfTheirOwnExplainNoCache) {
  Send(10, 90);
  const PromptFigures figures = Figures();
  EXPECT_EQ(figures.distinct, 10U);
  EXPECT_DOUBLE_EQ(*figures.cached_share, 0.9);
  EXPECT_DOUBLE_EQ(figures.unplanned_cached_share, 0.9);
}

TEST_F(PromptFiguresTest, RepeatsThatWereAskedForExplainTheirShare) {
  plan_.mutable_dataset()->set_entries(5);
  Send(20, 75);
  const PromptFigures figures = Figures();
  EXPECT_EQ(figures.distinct, 5U);
  EXPECT_DOUBLE_EQ(figures.repeated_share, 0.75);
  EXPECT_DOUBLE_EQ(figures.repeated_token_share, 0.75);
  EXPECT_EQ(figures.unplanned_cached_share, 0);
}

TEST_F(PromptFiguresTest, ATemplateAroundEachPromptExplainsItself) {
  Send(10, 100, 200);
  EXPECT_DOUBLE_EQ(*Figures().cached_share, 0.5);
  EXPECT_EQ(Figures().unplanned_cached_share, 0);
}

// 100 tokens of ours are 85 of the server's, and its template brings 15 of which we know nothing.
TEST_F(PromptFiguresTest, ATemplateMayHideBehindAnotherTokenizer) {
  Send(10, 16, 100);
  records_[0].mutable_usage()->set_prompt_tokens(101);
  EXPECT_EQ(Figures().unplanned_cached_share, 0);
}

TEST_F(PromptFiguresTest, LengthsOfTheServersOwnLeaveRoomForATemplate) {
  plan_.mutable_records()->set_use_server_token_count(true);
  Send(10, 64);
  EXPECT_EQ(Figures().unplanned_cached_share, 0);
  records_.clear();
  Send(10, 100);
  EXPECT_DOUBLE_EQ(Figures().unplanned_cached_share, 0.36);
}

TEST_F(PromptFiguresTest, BlocksThatRowsShareExplainTheirs) {
  v1::Dataset* dataset = plan_.mutable_dataset();
  dataset->set_kind(v1::DATASET_MOONCAKE);
  dataset->set_entries(10);
  dataset->set_distinct_rows(9);
  dataset->set_shared_prefix_share(0.4);
  Send(20, 70);
  const PromptFigures figures = Figures(5);
  EXPECT_EQ(figures.distinct, 9U);
  EXPECT_EQ(figures.warmed_up, 0U);
  EXPECT_DOUBLE_EQ(figures.repeated_token_share, 0.7);
  EXPECT_EQ(figures.unplanned_cached_share, 0);
}

TEST_F(PromptFiguresTest, TextsThatTheWarmupSentAreCountedAndExplainTheirs) {
  v1::Dataset* dataset = plan_.mutable_dataset();
  dataset->set_kind(v1::DATASET_SINGLE_TURN);
  dataset->set_entries(10);
  dataset->set_distinct_rows(10);
  Send(10, 30);
  EXPECT_EQ(Figures(3).warmed_up, 3U);
  EXPECT_EQ(Figures(3).unplanned_cached_share, 0);
  EXPECT_EQ(Figures(100).warmed_up, 10U);
  records_.resize(6);
  EXPECT_EQ(Figures(3).warmed_up, 0U);
  EXPECT_DOUBLE_EQ(Figures(3).unplanned_cached_share, 0.3);
}

}  // namespace
}  // namespace drumfire

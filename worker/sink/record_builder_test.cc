// Does every exchange end in one record, one histogram entry or one counted drop?
#include "worker/sink/record_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "common/histogram/codec.h"
#include "common/record/frame.h"
#include "worker/sink/letter_tokenizer.h"

namespace drumfire {
namespace {

constexpr int64_t kStartNs = 1'000'000'000;

// Keeps the batches that are sent.
class KeepingLink : public RecordLink {
 public:
  bool Send(const std::string& frame) override {
    const auto payload = ReadWholeFrame(frame);
    EXPECT_TRUE(payload.ok()) << payload.status();
    batches.emplace_back();
    EXPECT_TRUE(batches.back().ParseFromArray(payload->data(), static_cast<int>(payload->size())));
    return true;
  }
  std::vector<v1::RecordBatch> batches;
};

class RecordBuilderTest : public ::testing::Test {
 protected:
  RecordBuilderTest() {
    plan_.add_phases();
    plan_.add_phases();
  }

  void Start(const RecordBuilderOptions& options = {}) {
    sender_ = std::make_unique<BatchSender>(sender_options_, &link_, [] {});
    builder_ = std::make_unique<RecordBuilder>(
        plan_, &tokenizer_, sender_.get(), [this] { ++wakes_; }, options);
    for (uint32_t phase : {0, 1}) builder_->SetPhaseStart(phase, kStartNs);
  }

  static std::unique_ptr<Exchange> MakeExchange(uint64_t k, uint32_t phase = 1) {
    auto exchange = std::make_unique<Exchange>();
    exchange->session = k;
    exchange->phase = phase;
    exchange->sent_ns = kStartNs + 10;
    exchange->first_token_ns = kStartNs + 1'000'000;
    exchange->last_token_ns = kStartNs + 5'000'000;
    exchange->end_ns = kStartNs + 5'000'000;
    exchange->escaped_text = "four";
    exchange->has_usage = true;
    exchange->usage.set_completion_tokens(9);
    return exchange;
  }

  // Steps as long as there is something to do at now_ns.
  int64_t StepAt(int64_t now_ns) {
    int64_t next_ns = now_ns;
    while (next_ns <= now_ns) next_ns = builder_->Step(now_ns);
    return next_ns;
  }

  void Flush() {
    bool done = false;
    builder_->Flush([&done] { done = true; });
    StepAt(0);
    EXPECT_TRUE(done);
    sender_->Step(0);
  }

  static int64_t Requests(const v1::IntervalHistograms& message) {
    for (const v1::EncodedHistogram& histogram : message.histograms()) {
      if (histogram.metric() != "request_latency") continue;
      return DecodeHistogram(histogram.v2_compressed())->total_count();
    }
    return 0;
  }

  v1::Plan plan_;
  BatchSenderOptions sender_options_;
  LetterTokenizer tokenizer_;
  KeepingLink link_;
  std::unique_ptr<BatchSender> sender_;
  std::unique_ptr<RecordBuilder> builder_;
  int wakes_ = 0;
};

TEST_F(RecordBuilderTest, ATargetThatSendsBackTheRequestsHeadGivesNoSecretAway) {
  RecordBuilderOptions options;
  options.secrets.AddHeaderValue("Bearer MARKER-KEY");
  Start(options);
  auto exchange = MakeExchange(1);
  exchange->outcome = v1::OUTCOME_FAILED;
  exchange->error = v1::ERROR_HTTP_STATUS;
  exchange->error_message = "401: Authorization: Bearer MARKER-KEY";
  exchange->http_reason = "MARKER-KEY";
  builder_->Push(std::move(exchange));
  Flush();
  ASSERT_EQ(link_.batches.size(), 1u);
  const v1::RequestError& error = link_.batches[0].records(0).error();
  EXPECT_EQ(error.message(), "401: Authorization: <redacted>");
  EXPECT_EQ(error.reason(), "<redacted>");
}

TEST_F(RecordBuilderTest, AFullQueueDropsAndCounts) {
  Start({.max_queued = 10});
  for (uint64_t k = 0; k < 30; ++k) builder_->Push(MakeExchange(k));
  const RecordCounters counters = builder_->PhaseCounters(1);
  EXPECT_EQ(counters.records_made, 30u);
  EXPECT_EQ(counters.records_dropped, 20u);
  Flush();
  EXPECT_EQ(builder_->PhaseCounters(1).records_dropped, 20u);
}

TEST_F(RecordBuilderTest, TokenizerThatIsBehindGivesWayToUsage) {
  Start({.tokenizer_behind_at = 2});
  for (uint64_t k = 0; k < 5; ++k) builder_->Push(MakeExchange(k));
  Flush();
  EXPECT_EQ(builder_->PhaseCounters(1).tokenizer_overflows, 3u);  // with 4, 3 and 2 behind them
}

TEST_F(RecordBuilderTest, RecordsThatTheSenderRefusesAreCountedInTheirPhase) {
  sender_options_.buffer_bytes = 1;
  Start();
  builder_->Push(MakeExchange(0, 0));
  for (uint64_t k = 0; k < 3; ++k) builder_->Push(MakeExchange(k, 1));
  Flush();
  EXPECT_EQ(builder_->PhaseCounters(0).records_dropped, 1u);
  EXPECT_EQ(builder_->PhaseCounters(1).records_dropped, 3u);
  EXPECT_EQ(builder_->PhaseCounters(1).records_made, 3u);
  EXPECT_EQ(sender_->counters().last_sequence, 0u);
}

TEST_F(RecordBuilderTest, AfterFlushAllIsInTheSendersHands) {
  Start();
  constexpr uint64_t kCount = 3 * kMaxPendingRecords + 7;
  for (uint64_t k = 0; k < kCount; ++k) builder_->Push(MakeExchange(k));
  Flush();
  EXPECT_EQ(link_.batches.size(), sender_->counters().last_sequence);
  std::set<uint64_t> ks;
  for (const v1::RecordBatch& batch : link_.batches) {
    for (const v1::Record& record : batch.records()) {
      EXPECT_TRUE(ks.insert(record.session()).second) << record.session();
      EXPECT_EQ(record.sent_ns(), 10);
      EXPECT_EQ(record.output_tokens(), 4u);
    }
  }
  EXPECT_EQ(ks.size(), kCount);
  EXPECT_EQ(builder_->PhaseCounters(1).records_dropped, 0u);
}

TEST_F(RecordBuilderTest, APartBatchIsSentWhenItIsDue) {
  Start();
  EXPECT_EQ(StepAt(7), kNever);
  builder_->Push(MakeExchange(5));
  EXPECT_EQ(wakes_, 1) << "an idle builder is woken by the first";
  EXPECT_EQ(StepAt(7), 7 + kMaxPendingNs);
  EXPECT_EQ(sender_->counters().last_sequence, 0u);
  EXPECT_EQ(StepAt(7 + kMaxPendingNs), kNever);
  EXPECT_EQ(sender_->counters().last_sequence, 1u);
}

TEST_F(RecordBuilderTest, WhileABatchIsOnItsWayOnlyAPortionWakes) {
  Start();
  StepAt(0);
  builder_->Push(MakeExchange(0));
  StepAt(0);
  for (uint64_t k = 1; k < ExchangeQueue::kTakeAtMost; ++k) builder_->Push(MakeExchange(k));
  EXPECT_EQ(wakes_, 1);
  builder_->Push(MakeExchange(ExchangeQueue::kTakeAtMost));
  EXPECT_EQ(wakes_, 2);
}

TEST_F(RecordBuilderTest, RecordsOfMuchDataMakeSmallBatches) {
  Start();
  for (uint64_t k = 0; k < 3; ++k) {
    auto exchange = MakeExchange(k);
    exchange->gaps_ns.assign(kMaxPendingBytes, 100);
    builder_->Push(std::move(exchange));
  }
  Flush();
  EXPECT_EQ(sender_->counters().last_sequence, 3u);
}

TEST_F(RecordBuilderTest, ASmallBufferMakesSmallBatches) {
  sender_options_.buffer_bytes = 4 * 1000;
  Start();
  for (uint64_t k = 0; k < 60; ++k) builder_->Push(MakeExchange(k));
  Flush();
  EXPECT_GE(sender_->counters().last_sequence, 2u);
  EXPECT_EQ(builder_->PhaseCounters(1).records_dropped, 0u);
}

TEST_F(RecordBuilderTest, IntervalsAreNumberedWithoutGapsAndHoldEachRecordOnce) {
  Start();
  for (uint64_t k = 0; k < 5; ++k) builder_->Push(MakeExchange(k));
  Flush();
  const v1::IntervalHistograms first = builder_->TakeIntervalHistograms(1, false);
  EXPECT_EQ(first.interval(), 1u);
  EXPECT_EQ(first.phase(), 1u);
  EXPECT_EQ(Requests(first), 5);
  EXPECT_EQ(builder_->TakeIntervalHistograms(1, false).interval(), 0u);  // nothing since
  builder_->Push(MakeExchange(5));
  builder_->Push(MakeExchange(0, 0));
  Flush();
  const v1::IntervalHistograms last = builder_->TakeIntervalHistograms(1, true);
  EXPECT_EQ(last.interval(), 2u);
  EXPECT_TRUE(last.last());
  EXPECT_EQ(Requests(last), 1);
}

TEST_F(RecordBuilderTest, TheEndMarkerComesWithoutRecordsToo) {
  Start();
  const v1::IntervalHistograms last = builder_->TakeIntervalHistograms(0, true);
  EXPECT_EQ(last.interval(), 1u);
  EXPECT_TRUE(last.last());
  EXPECT_EQ(last.histograms_size(), 0);
}

using RecordBuilderDeathTest = RecordBuilderTest;

TEST_F(RecordBuilderDeathTest, APhaseThatThePlanDoesNotHaveIsOurMistake) {
  Start();
  EXPECT_DEATH(builder_->Push(MakeExchange(0, 2)), "phase");
}

}  // namespace
}  // namespace drumfire

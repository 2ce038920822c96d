// Does every exchange end in one record, one histogram entry or one counted drop?
#include "worker/sink/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>

#include "common/histogram/codec.h"
#include "worker/sink/letter_tokenizer.h"
#include "worker/sink/testing.h"

namespace drumfire {
namespace {

using ::drumfire::testing::BatchReceiver;
using ::drumfire::testing::CoordinatorKeys;
using ::drumfire::testing::kRunId;
using ::drumfire::testing::TemporaryFolder;

constexpr int64_t kStartNs = 1'000'000'000;

// A tokenizer that waits for leave to count, and says when it was asked.
class HeldTokenizer : public LetterTokenizer {
 public:
  size_t Count(absl::string_view text) const override {
    if (!asked_.exchange(true)) reached_.set_value();
    leave_.wait();
    return text.size();
  }
  void WaitUntilAsked() { reached_.get_future().wait(); }
  void Release() { release_.set_value(); }

 private:
  mutable std::atomic<bool> asked_ = false;
  mutable std::promise<void> reached_;
  std::promise<void> release_;
  std::shared_future<void> leave_ = release_.get_future().share();
};

class RecorderTest : public ::testing::Test {
 protected:
  RecorderTest() {
    plan_.add_phases();
    plan_.add_phases();
    sink_options_.bind_endpoint = folder_.IpcEndpoint("records");
    sink_options_.run_id = kRunId;
    sink_options_.client_key = CoordinatorKeys().public_key;
  }

  void Start(const Tokenizer* tokenizer, const RecorderOptions& options = {}) {
    auto sink = RecordSink::Create(sink_options_, SystemClock());
    ASSERT_TRUE(sink.ok()) << sink.status();
    sink_ = *std::move(sink);
    recorder_ = std::make_unique<Recorder>(plan_, tokenizer, SystemClock(), sink_.get(), options);
    for (uint32_t phase : {0, 1}) recorder_->SetPhaseStart(phase, kStartNs);
  }

  static std::unique_ptr<Exchange> MakeExchange(uint64_t k, uint32_t phase = 1) {
    auto exchange = std::make_unique<Exchange>();
    exchange->k = k;
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

  void Flush() {
    std::promise<void> done;
    recorder_->Flush([&done] { done.set_value(); });
    done.get_future().wait();
  }

  int64_t Requests(const v1::IntervalHistograms& message) {
    for (const v1::EncodedHistogram& histogram : message.histograms()) {
      if (histogram.metric() != "request_latency") continue;
      return DecodeHistogram(histogram.v2_compressed())->total_count();
    }
    return 0;
  }

  TemporaryFolder folder_;
  v1::Plan plan_;
  RecordSinkOptions sink_options_;
  LetterTokenizer tokenizer_;
  std::unique_ptr<RecordSink> sink_;
  std::unique_ptr<Recorder> recorder_;
};

TEST_F(RecorderTest, FullQueueDropsAndCountsWhileTheTokenizerIsStuck) {
  HeldTokenizer held;
  Start(&held, {.max_queued = 10});
  recorder_->Push(MakeExchange(0));
  held.WaitUntilAsked();
  for (uint64_t k = 1; k <= 30; ++k) recorder_->Push(MakeExchange(k));
  const RecorderCounters counters = recorder_->PhaseCounters(1);
  EXPECT_EQ(counters.records_made, 31u);
  EXPECT_EQ(counters.records_dropped, 20u);
  held.Release();
  Flush();
}

TEST_F(RecorderTest, TokenizerThatIsBehindGivesWayToUsage) {
  HeldTokenizer held;
  Start(&held, {.tokenizer_behind_at = 2});
  recorder_->Push(MakeExchange(0));
  held.WaitUntilAsked();
  for (uint64_t k = 1; k <= 5; ++k) recorder_->Push(MakeExchange(k));
  held.Release();
  Flush();
  EXPECT_EQ(recorder_->PhaseCounters(1).tokenizer_overflows, 3u);  // with 4, 3 and 2 behind them
}

TEST_F(RecorderTest, RecordsThatTheSinkRefusesAreCountedInTheirPhase) {
  sink_options_.buffer_bytes = 1;
  Start(&tokenizer_);
  recorder_->Push(MakeExchange(0, 0));
  for (uint64_t k = 0; k < 3; ++k) recorder_->Push(MakeExchange(k, 1));
  Flush();
  EXPECT_EQ(recorder_->PhaseCounters(0).records_dropped, 1u);
  EXPECT_EQ(recorder_->PhaseCounters(1).records_dropped, 3u);
  EXPECT_EQ(recorder_->PhaseCounters(1).records_made, 3u);
  EXPECT_EQ(sink_->counters().last_sequence, 0u);
}

TEST_F(RecorderTest, AfterFlushAllIsInTheSink) {
  Start(&tokenizer_);
  constexpr uint64_t kCount = 3 * kMaxPendingRecords + 7;
  for (uint64_t k = 0; k < kCount; ++k) recorder_->Push(MakeExchange(k));
  Flush();
  const uint64_t batches = sink_->counters().last_sequence;
  BatchReceiver receiver(sink_->endpoint(), sink_->server_key());
  std::set<uint64_t> ks;
  for (uint64_t i = 0; i < batches; ++i) {
    const v1::RecordBatch batch = receiver.Next();
    for (const v1::Record& record : batch.records()) {
      EXPECT_TRUE(ks.insert(record.k()).second) << record.k();
      EXPECT_EQ(record.sent_ns(), 10);
      EXPECT_EQ(record.output_tokens(), 4u);
    }
  }
  EXPECT_EQ(ks.size(), kCount);
  EXPECT_EQ(recorder_->PhaseCounters(1).records_dropped, 0u);
}

TEST_F(RecorderTest, SendsAPartBatchByItself) {
  Start(&tokenizer_);
  recorder_->Push(MakeExchange(5));
  BatchReceiver receiver(sink_->endpoint(), sink_->server_key());
  EXPECT_EQ(receiver.Next().records(0).k(), 5u);
}

TEST_F(RecorderTest, RecordsOfMuchDataMakeSmallBatches) {
  Start(&tokenizer_);
  for (uint64_t k = 0; k < 3; ++k) {
    auto exchange = MakeExchange(k);
    exchange->gaps_ns.assign(kMaxPendingBytes, 100);
    recorder_->Push(std::move(exchange));
  }
  Flush();
  EXPECT_EQ(sink_->counters().last_sequence, 3u);
}

TEST_F(RecorderTest, ASmallBufferMakesSmallBatches) {
  sink_options_.buffer_bytes = 4 * 1000;
  Start(&tokenizer_);
  for (uint64_t k = 0; k < 60; ++k) recorder_->Push(MakeExchange(k));
  Flush();
  EXPECT_GE(sink_->counters().last_sequence, 2u);
  EXPECT_EQ(recorder_->PhaseCounters(1).records_dropped, 0u);
}

TEST_F(RecorderTest, DestructionRecordsWhatIsQueued) {
  Start(&tokenizer_);
  for (uint64_t k = 0; k < 10; ++k) recorder_->Push(MakeExchange(k));
  recorder_.reset();
  EXPECT_GE(sink_->counters().last_sequence, 1u);
}

TEST_F(RecorderTest, IntervalsAreNumberedWithoutGapsAndHoldEachRecordOnce) {
  Start(&tokenizer_);
  for (uint64_t k = 0; k < 5; ++k) recorder_->Push(MakeExchange(k));
  Flush();
  const v1::IntervalHistograms first = recorder_->TakeIntervalHistograms(1, false);
  EXPECT_EQ(first.interval(), 1u);
  EXPECT_EQ(first.phase(), 1u);
  EXPECT_EQ(Requests(first), 5);
  EXPECT_EQ(recorder_->TakeIntervalHistograms(1, false).interval(), 0u);  // nothing since
  recorder_->Push(MakeExchange(5));
  recorder_->Push(MakeExchange(0, 0));
  Flush();
  const v1::IntervalHistograms last = recorder_->TakeIntervalHistograms(1, true);
  EXPECT_EQ(last.interval(), 2u);
  EXPECT_TRUE(last.last());
  EXPECT_EQ(Requests(last), 1);
}

TEST_F(RecorderTest, TheEndMarkerComesWithoutRecordsToo) {
  Start(&tokenizer_);
  const v1::IntervalHistograms last = recorder_->TakeIntervalHistograms(0, true);
  EXPECT_EQ(last.interval(), 1u);
  EXPECT_TRUE(last.last());
  EXPECT_EQ(last.histograms_size(), 0);
}

}  // namespace
}  // namespace drumfire

// Worker's sink and coordinator's intake over real ZeroMQ: do the sums close, also after the
// coordinator's end went away?
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "common/clock/clock.h"
#include "common/sync/mutex.h"
#include "coordinator/ingest/threaded_intake.h"
#include "worker/sink/testing.h"

namespace drumfire {
namespace {

using ::drumfire::testutil::RunningSender;
using ::drumfire::testutil::ThreadedIntake;

constexpr char kTripRunId[] = "0123456789abcdef";

// The coordinator: collects, and acks straight to the sinks, as the control stream would.
class RecordTaker : public RecordConsumer {
 public:
  void AddSink(uint32_t worker, RunningSender* sink) { sinks_[worker] = sink; }

  void OnBatch(const v1::RecordBatch& batch) override {
    const MutexLock lock(&mutex_);
    for (const v1::Record& record : batch.records()) ks_.push_back(record.session());
  }
  void OnAck(uint32_t worker, uint64_t, uint64_t sequence) override {
    if (holds_acks) return;
    EXPECT_TRUE(sinks_.at(worker)->Ack(sequence).ok());
  }

  std::vector<uint64_t> SortedKs() const {
    const MutexLock lock(&mutex_);
    std::vector<uint64_t> ks = ks_;
    std::sort(ks.begin(), ks.end());
    return ks;
  }

  bool holds_acks = false;  // set while no intake runs

 private:
  mutable Mutex mutex_;
  std::vector<uint64_t> ks_ ABSL_GUARDED_BY(mutex_);
  std::map<uint32_t, RunningSender*> sinks_;
};

class RoundTripTest : public ::testing::TestWithParam<const char*> {
 protected:
  RoundTripTest() {
    std::string name = (std::filesystem::temp_directory_path() / "drumfire-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~RoundTripTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<RunningSender> MakeSink(uint32_t worker) {
    ZmqRecordLinkOptions options;
    options.bind_endpoint = std::string(GetParam()) == "tcp"
                                ? "tcp://127.0.0.1:*"
                                : "ipc://" + folder_ + "/" + std::to_string(worker);
    options.client_key = keys_.public_key;
    auto link = ZmqRecordLink::Create(options, SystemClock());
    EXPECT_TRUE(link.ok()) << link.status();
    BatchSenderOptions sender_options;
    sender_options.run_id = kTripRunId;
    sender_options.worker = worker;
    sender_options.epoch = 1;
    sender_options.resend_after_ns = 20 * kNsPerMs;
    auto sink = std::make_unique<RunningSender>(*std::move(link), sender_options);
    coordinator_.AddSink(worker, sink.get());
    return sink;
  }

  std::unique_ptr<ThreadedIntake> MakeIntake(RecordConsumer* consumer) const {
    return std::make_unique<ThreadedIntake>(kTripRunId, keys_, consumer, nullptr);
  }

  void AddBatches(RunningSender* sink, int batches, int records = 10) {
    for (int i = 0; i < batches; ++i) {
      v1::RecordBatch batch;
      for (int j = 0; j < records; ++j) batch.add_records()->set_session(next_k_++);
      ASSERT_TRUE(sink->AddBatch(&batch));
    }
  }

  std::vector<uint64_t> AllKs() const {
    std::vector<uint64_t> ks(next_k_);
    std::iota(ks.begin(), ks.end(), 0);
    return ks;
  }

  std::string folder_;
  const LinkKeys keys_ = *MakeLinkKeys();
  RecordTaker coordinator_;
  uint64_t next_k_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Transports, RoundTripTest, ::testing::Values("ipc", "tcp"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(RoundTripTest, ACoordinatorThatComesBackGetsAllThatWasNotAcked) {
  const auto sink = MakeSink(0);
  coordinator_.holds_acks = true;
  RecordTaker second;
  second.AddSink(0, sink.get());
  {
    const auto intake = MakeIntake(&coordinator_);
    intake->AddWorker({0, 1, sink->endpoint(), sink->server_key()});
    AddBatches(sink.get(), 50);
    ASSERT_TRUE(intake->WaitFor(0, 50));
  }
  AddBatches(sink.get(), 50);
  const auto again = MakeIntake(&second);
  again->AddWorker({0, 1, sink->endpoint(), sink->server_key()});
  sink->ResendUnacked();
  ASSERT_TRUE(again->WaitFor(0, 100));
  EXPECT_EQ(second.SortedKs(), AllKs());
}

TEST_P(RoundTripTest, RepeatsForWantOfAcksChangeNothing) {
  const auto sink = MakeSink(0);
  coordinator_.holds_acks = true;
  const auto intake = MakeIntake(&coordinator_);
  intake->AddWorker({0, 1, sink->endpoint(), sink->server_key()});
  AddBatches(sink.get(), 5);
  ASSERT_TRUE(intake->WaitFor(0, 5));
  for (uint64_t round = 1; intake->intake().counters().repeats < 5; ++round) {
    sink->ResendUnacked();
    AddBatches(sink.get(), 1);
    ASSERT_TRUE(intake->WaitFor(0, 5 + round));
  }
  EXPECT_EQ(coordinator_.SortedKs(), AllKs());
}

TEST_P(RoundTripTest, FourWorkersSumsClose) {
  std::vector<std::unique_ptr<RunningSender>> sinks;
  const auto intake = MakeIntake(&coordinator_);
  for (uint32_t worker = 0; worker < 4; ++worker) {
    sinks.push_back(MakeSink(worker));
    intake->AddWorker({worker, 1, sinks.back()->endpoint(), sinks.back()->server_key()});
  }
  for (int round = 0; round < 100; ++round) {
    for (const auto& sink : sinks) AddBatches(sink.get(), 1);
  }
  for (uint32_t worker = 0; worker < 4; ++worker) {
    ASSERT_TRUE(intake->WaitFor(worker, sinks[worker]->counters().last_sequence));
    EXPECT_EQ(intake->intake().Progress(worker).records, 1000u);
    EXPECT_EQ(intake->intake().Progress(worker).missing, 0u);
  }
  EXPECT_EQ(coordinator_.SortedKs(), AllKs());
  EXPECT_EQ(intake->intake().counters().records, next_k_);
  EXPECT_EQ(intake->intake().counters().damaged + intake->intake().counters().foreign, 0u);
}

TEST_P(RoundTripTest, BatchesOfAnotherEpochDoNotMix) {
  const auto sink = MakeSink(0);
  const auto intake = MakeIntake(&coordinator_);
  intake->AddWorker({0, 2, sink->endpoint(), sink->server_key()});
  AddBatches(sink.get(), 3);
  EXPECT_FALSE(intake->intake().HasAll(0, 1));
  intake->AddWorker({0, 1, sink->endpoint(), sink->server_key()});
  ASSERT_TRUE(intake->WaitFor(0, 3));  // sent again, since no one acked
  EXPECT_EQ(coordinator_.SortedKs(), AllKs());
}

}  // namespace
}  // namespace drumfire

// Does the source stand bad endpoints, bad bytes and strangers, and get through what is good?
#include "coordinator/ingest/record_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/ingest/testing.h"

namespace drumfire {
namespace {

using ::drumfire::testing::CollectingConsumer;
using ::drumfire::testing::Framed;
using ::drumfire::testing::kRunId;
using ::drumfire::testing::MakeBatch;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int64_t kLongNs = 60 * kNsPerSecond;

class RecordSourceTest : public ::testing::Test {
 protected:
  RecordSourceTest() : worker_(context_, zmq::socket_type::push) {
    worker_.set(zmq::sockopt::linger, 0);
    GuardServer(worker_keys_, &worker_);
    worker_.bind("tcp://127.0.0.1:*");
    auto source = RecordSource::Create(kRunId, *MakeLinkKeys(), &consumer_, nullptr);
    EXPECT_TRUE(source.ok()) << source.status();
    source_ = *std::move(source);
  }

  std::string endpoint() { return worker_.get(zmq::sockopt::last_endpoint); }
  absl::Status AddWorker() { return source_->AddWorker(0, 1, endpoint(), worker_keys_.public_key); }
  void Send(const std::string& message) { worker_.send(zmq::buffer(message)); }

  const LinkKeys worker_keys_ = *MakeLinkKeys();
  CollectingConsumer consumer_;
  zmq::context_t context_;
  zmq::socket_t worker_;
  std::unique_ptr<RecordSource> source_;
};

TEST(RecordSourceCreateTest, RefusesARunIdOfAnotherLength) {
  CollectingConsumer consumer;
  EXPECT_EQ(RecordSource::Create("short", {}, &consumer, nullptr).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(RecordSourceTest, NamesAnEndpointThatIsNone) {
  for (const char* endpoint : {"", "nonsense", "tcp://", "http://127.0.0.1:80"}) {
    const absl::Status added = source_->AddWorker(0, 1, endpoint, worker_keys_.public_key);
    EXPECT_EQ(added.code(), absl::StatusCode::kInvalidArgument) << endpoint;
    EXPECT_THAT(added.message(), HasSubstr("worker 0"));
  }
}

TEST_F(RecordSourceTest, TakesNoWorkerWithoutAKey) {
  const absl::Status added = source_->AddWorker(4, 1, endpoint(), "");
  EXPECT_EQ(added.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(added.message(), HasSubstr("worker 4 sent no key"));
}

TEST_F(RecordSourceTest, TakesNothingFromWhoDoesNotHoldTheKey) {
  ASSERT_TRUE(source_->AddWorker(7, 1, endpoint(), MakeLinkKeys()->public_key).ok());
  const absl::Status links = source_->WaitForLinks(kNsPerSecond / 2);
  EXPECT_FALSE(links.ok());
  EXPECT_THAT(links.message(), HasSubstr("worker 7"));
  EXPECT_THAT(links.message(), HasSubstr("key"));
  EXPECT_EQ(source_->counters().records, 0u);
}

TEST_F(RecordSourceTest, TakesNothingFromAPlainSocket) {
  zmq::socket_t plain(context_, zmq::socket_type::push);
  plain.set(zmq::sockopt::linger, 0);
  plain.bind("tcp://127.0.0.1:*");
  const std::string where = plain.get(zmq::sockopt::last_endpoint);
  ASSERT_TRUE(source_->AddWorker(0, 1, where, worker_keys_.public_key).ok());
  EXPECT_THAT(source_->WaitForLinks(kNsPerSecond / 2).message(), HasSubstr(where));
}

TEST_F(RecordSourceTest, NamesAWorkerWhoseSocketIsNotThere) {
  const std::string nowhere = "ipc:///nowhere/records";
  ASSERT_TRUE(source_->AddWorker(0, 1, nowhere, worker_keys_.public_key).ok());
  EXPECT_EQ(source_->WaitForLinks(0).message(),
            "records of worker 0 cannot be fetched from ipc:///nowhere/records: no connection");
}

TEST_F(RecordSourceTest, AWorkerThatComesBackWithAnotherKeyIsLinkedAnew) {
  ASSERT_TRUE(source_->AddWorker(0, 1, endpoint(), MakeLinkKeys()->public_key).ok());
  ASSERT_TRUE(source_->AddWorker(0, 2, endpoint(), worker_keys_.public_key).ok());
  EXPECT_TRUE(source_->WaitForLinks(kLongNs).ok());
}

// Its process restarted: the same port, another key, and the run knows it as another worker.
TEST_F(RecordSourceTest, AnotherWorkerAtTheSameEndpointTakesTheLinkOver) {
  ASSERT_TRUE(source_->AddWorker(0, 1, endpoint(), MakeLinkKeys()->public_key).ok());
  source_->RemoveWorker(0);
  EXPECT_EQ(source_->IsLinked(0).status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(source_->AddWorker(3, 2, endpoint(), worker_keys_.public_key).ok());
  EXPECT_TRUE(source_->WaitForLinks(kLongNs).ok()) << "the removed one counts no more";
  EXPECT_TRUE(*source_->IsLinked(3));
  v1::RecordBatch batch = MakeBatch(1, 2, 10);
  batch.set_worker(3);
  batch.set_epoch(2);
  Send(Framed(batch));
  EXPECT_TRUE(source_->WaitFor(3, 1, kLongNs));
}

TEST_F(RecordSourceTest, WhatARemovedWorkerSendsIsRefused) {
  ASSERT_TRUE(AddWorker().ok());
  ASSERT_TRUE(source_->WaitForLinks(kLongNs).ok());
  source_->RemoveWorker(0);
  Send(Framed(MakeBatch(1, 2, 10)));
  while (source_->counters().foreign == 0) std::this_thread::yield();
  EXPECT_TRUE(consumer_.ks().empty());
}

TEST_F(RecordSourceTest, WaitsInVainForAnUnknownWorker) {
  EXPECT_FALSE(source_->WaitFor(9, 0, 0));
  EXPECT_EQ(source_->Progress(9).complete_up_to, 0u);
}

TEST_F(RecordSourceTest, BadBytesAndStrangersAreCountedAndTheRestGoesOn) {
  ASSERT_TRUE(AddWorker().ok());
  Send("not a frame");
  v1::RecordBatch stranger = MakeBatch(1);
  stranger.set_worker(5);
  Send(Framed(stranger));
  Send(Framed(MakeBatch(1, 2, 10)));
  ASSERT_TRUE(source_->WaitFor(0, 1, kLongNs));
  EXPECT_THAT(consumer_.ks(), ElementsAre(10, 11));
  const IngestCounters counters = source_->counters();
  EXPECT_EQ(counters.damaged, 1u);
  EXPECT_EQ(counters.foreign, 1u);
  EXPECT_EQ(counters.records, 2u);
}

TEST_F(RecordSourceTest, AFullSumIsZeroBatches) {
  ASSERT_TRUE(AddWorker().ok());
  EXPECT_TRUE(source_->WaitFor(0, 0, 0));
}

}  // namespace
}  // namespace drumfire

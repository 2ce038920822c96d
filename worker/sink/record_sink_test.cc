// Do batches reach the run's coordinator and nobody else, stay until they are acked, and never hold
// up the recorder?
#include "worker/sink/record_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "worker/sink/testing.h"

namespace drumfire {
namespace {

using ::drumfire::testing::BatchReceiver;
using ::drumfire::testing::CoordinatorKeys;
using ::drumfire::testing::kRunId;
using ::drumfire::testing::TemporaryFolder;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int64_t kNeverNs = 3600 * kNsPerSecond;

class RecordSinkTest : public ::testing::Test {
 protected:
  RecordSinkTest() {
    options_.bind_endpoint = folder_.IpcEndpoint("records");
    options_.run_id = kRunId;
    options_.client_key = CoordinatorKeys().public_key;
    options_.worker = 3;
    options_.epoch = 2;
    options_.resend_after_ns = kNeverNs;
  }

  std::unique_ptr<RecordSink> Create() {
    auto sink = RecordSink::Create(options_, SystemClock());
    EXPECT_TRUE(sink.ok()) << sink.status();
    return *std::move(sink);
  }

  static bool AddOne(RecordSink* sink, uint64_t k) {
    v1::RecordBatch batch;
    batch.add_records()->set_k(k);
    return sink->AddBatch(&batch);
  }

  TemporaryFolder folder_;
  RecordSinkOptions options_;
};

TEST_F(RecordSinkTest, NamesAnEndpointThatCannotBeBound) {
  for (const char* endpoint : {"", "tcp://", "tcp://203.0.113.9:1", "ipc:///no/such/folder/x"}) {
    options_.bind_endpoint = endpoint;
    const auto sink = RecordSink::Create(options_, SystemClock());
    EXPECT_EQ(sink.status().code(), absl::StatusCode::kInvalidArgument) << endpoint;
    EXPECT_THAT(sink.status().message(), HasSubstr(endpoint));
  }
}

TEST_F(RecordSinkTest, WantsTheCoordinatorsKey) {
  options_.client_key = "short";
  const auto sink = RecordSink::Create(options_, SystemClock());
  EXPECT_EQ(sink.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(sink.status().message(), HasSubstr("5 bytes, expected 32"));
}

// Strangers connect first, and only then the coordinator: what it gets is all there ever was.
TEST_F(RecordSinkTest, ForeignPeersGetNothing) {
  options_.bind_endpoint = "tcp://127.0.0.1:*";
  const auto sink = Create();
  zmq::context_t context;
  zmq::socket_t plain(context, zmq::socket_type::pull);
  plain.set(zmq::sockopt::linger, 0);
  plain.connect(sink->endpoint());
  BatchReceiver other_run(sink->endpoint(), sink->server_key(), *MakeLinkKeys());
  BatchReceiver other_server(sink->endpoint(), MakeLinkKeys()->public_key);
  for (uint64_t k = 0; k < 20; ++k) ASSERT_TRUE(AddOne(sink.get(), k));
  BatchReceiver coordinator(sink->endpoint(), sink->server_key());
  for (uint64_t k = 0; k < 20; ++k) EXPECT_EQ(coordinator.Next().records(0).k(), k);
  zmq::message_t message;
  EXPECT_FALSE(plain.recv(message, zmq::recv_flags::dontwait));
  EXPECT_FALSE(other_run.HasNext());
  EXPECT_FALSE(other_server.HasNext());
}

TEST_F(RecordSinkTest, FullBufferRefusesAtOnceWithNobodyConnected) {
  options_.buffer_bytes = 1000;
  const auto sink = Create();
  uint64_t kept = 0;
  while (AddOne(sink.get(), kept)) ++kept;
  EXPECT_GT(kept, 0u);
  EXPECT_EQ(sink->counters().last_sequence, kept);
  EXPECT_LE(sink->counters().held_bytes, options_.buffer_bytes);
  ASSERT_TRUE(sink->Ack(kept).ok());
  EXPECT_EQ(sink->counters().held_bytes, 0u);
  EXPECT_TRUE(AddOne(sink.get(), kept));
}

TEST_F(RecordSinkTest, RefusesABatchAboveAFramesBoundAndKeepsItsNumberFree) {
  const auto sink = Create();
  v1::RecordBatch batch;
  batch.add_records()->mutable_error()->set_message(std::string(kMaxFramePayloadBytes, 'x'));
  EXPECT_FALSE(sink->AddBatch(&batch));
  EXPECT_EQ(sink->counters().last_sequence, 0u);
}

TEST_F(RecordSinkTest, RefusesAckOfABatchNeverSent) {
  const auto sink = Create();
  EXPECT_EQ(sink->Ack(1).code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(RecordSinkTest, SendsWhatWasAddedBeforeAnyoneConnected) {
  const auto sink = Create();
  AddOne(sink.get(), 41);
  AddOne(sink.get(), 42);
  BatchReceiver receiver(sink->endpoint(), sink->server_key());
  const v1::RecordBatch first = receiver.Next();
  EXPECT_EQ(first.run_id(), kRunId);
  EXPECT_EQ(first.worker(), 3u);
  EXPECT_EQ(first.epoch(), 2u);
  EXPECT_EQ(first.sequence(), 1u);
  EXPECT_EQ(first.records(0).k(), 41u);
  EXPECT_EQ(receiver.Next().sequence(), 2u);
}

TEST_F(RecordSinkTest, SendsAgainToACoordinatorThatCameBack) {
  // What is sent before the old link is seen to be broken is lost, so sending again must not end.
  options_.resend_after_ns = kNsPerMs;
  const auto sink = Create();
  for (uint64_t k : {1, 2, 3}) AddOne(sink.get(), k);
  {
    BatchReceiver receiver(sink->endpoint(), sink->server_key());
    std::set<uint64_t> received;
    while (received.size() < 3) received.insert(receiver.Next().sequence());
  }
  ASSERT_TRUE(sink->Ack(1).ok());
  BatchReceiver receiver(sink->endpoint(), sink->server_key());
  sink->ResendUnacked();
  std::set<uint64_t> received;
  while (received.count(2) == 0 || received.count(3) == 0) {
    received.insert(receiver.Next().sequence());
  }
}

TEST_F(RecordSinkTest, SendsAgainByItselfWhatIsNotAcked) {
  options_.resend_after_ns = kNsPerMs;
  const auto sink = Create();
  AddOne(sink.get(), 1);
  BatchReceiver receiver(sink->endpoint(), sink->server_key());
  EXPECT_EQ(receiver.Next().sequence(), 1u);
  EXPECT_EQ(receiver.Next().sequence(), 1u);
  EXPECT_GE(sink->counters().resends, 1u);
}

TEST_F(RecordSinkTest, NamesAWildcardAsOne) {
  options_.bind_endpoint = "tcp://0.0.0.0:*";
  EXPECT_THAT(Create()->endpoint(), StartsWith("tcp://0.0.0.0:"));
  options_.bind_endpoint = "tcp://[::]:*";
  EXPECT_THAT(Create()->endpoint(), StartsWith("tcp://[::]:"));
}

TEST_F(RecordSinkTest, BindsAnyFreeTcpPortAndNamesIt) {
  options_.bind_endpoint = "tcp://127.0.0.1:*";
  const auto sink = Create();
  EXPECT_THAT(sink->endpoint(), StartsWith("tcp://127.0.0.1:"));
  AddOne(sink.get(), 7);
  BatchReceiver receiver(sink->endpoint(), sink->server_key());
  EXPECT_EQ(receiver.Next().records(0).k(), 7u);
}

}  // namespace
}  // namespace drumfire

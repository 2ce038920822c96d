// Do batches reach the run's coordinator and nobody else, over a real socket on a real thread?
#include "worker/sink/zmq_record_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "worker/sink/testing.h"

namespace drumfire {
namespace {

using ::drumfire::testutil::BatchReceiver;
using ::drumfire::testutil::CoordinatorKeys;
using ::drumfire::testutil::RunningSender;
using ::drumfire::testutil::TemporaryFolder;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int64_t kNeverAgainNs = 3600 * kNsPerSecond;

class ZmqRecordLinkTest : public ::testing::Test {
 protected:
  ZmqRecordLinkTest() {
    options_.bind_endpoint = folder_.IpcEndpoint("records");
    options_.client_key = CoordinatorKeys().public_key;
    sender_options_.resend_after_ns = kNeverAgainNs;
  }

  std::unique_ptr<ZmqRecordLink> Create() {
    auto link = ZmqRecordLink::Create(options_, SystemClock());
    EXPECT_TRUE(link.ok()) << link.status();
    return *std::move(link);
  }
  std::unique_ptr<RunningSender> Start() {
    return std::make_unique<RunningSender>(Create(), sender_options_);
  }

  TemporaryFolder folder_;
  ZmqRecordLinkOptions options_;
  BatchSenderOptions sender_options_;
};

TEST_F(ZmqRecordLinkTest, NamesAnEndpointThatCannotBeBound) {
  for (const char* endpoint : {"", "tcp://", "tcp://203.0.113.9:1", "ipc:///no/such/folder/x"}) {
    options_.bind_endpoint = endpoint;
    const auto link = ZmqRecordLink::Create(options_, SystemClock());
    EXPECT_EQ(link.status().code(), absl::StatusCode::kInvalidArgument) << endpoint;
    EXPECT_THAT(link.status().message(), HasSubstr(endpoint));
  }
}

TEST_F(ZmqRecordLinkTest, WantsTheCoordinatorsKey) {
  options_.client_key = "short";
  const auto link = ZmqRecordLink::Create(options_, SystemClock());
  EXPECT_EQ(link.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(link.status().message(), HasSubstr("5 bytes, expected 32"));
}

TEST_F(ZmqRecordLinkTest, TakesNothingWithNobodyConnected) {
  EXPECT_FALSE(Create()->Send("frame"));
}

// Strangers connect first, and only then the coordinator: what it gets is all there ever was.
TEST_F(ZmqRecordLinkTest, ForeignPeersGetNothing) {
  options_.bind_endpoint = "tcp://127.0.0.1:*";
  const auto running = Start();
  zmq::context_t context;
  zmq::socket_t plain(context, zmq::socket_type::pull);
  plain.set(zmq::sockopt::linger, 0);
  plain.connect(running->endpoint());
  BatchReceiver other_run(running->endpoint(), running->server_key(), *MakeLinkKeys());
  BatchReceiver other_server(running->endpoint(), MakeLinkKeys()->public_key);
  for (uint64_t k = 0; k < 20; ++k) ASSERT_TRUE(running->AddOne(k));
  BatchReceiver coordinator(running->endpoint(), running->server_key());
  for (uint64_t k = 0; k < 20; ++k) EXPECT_EQ(coordinator.Next().records(0).session(), k);
  zmq::message_t message;
  EXPECT_FALSE(plain.recv(message, zmq::recv_flags::dontwait));
  EXPECT_FALSE(other_run.HasNext());
  EXPECT_FALSE(other_server.HasNext());
}

TEST_F(ZmqRecordLinkTest, SendsWhatWasAddedBeforeAnyoneConnected) {
  const auto running = Start();
  running->AddOne(41);
  running->AddOne(42);
  BatchReceiver receiver(running->endpoint(), running->server_key());
  EXPECT_EQ(receiver.Next().records(0).session(), 41u);
  EXPECT_EQ(receiver.Next().sequence(), 2u);
}

TEST_F(ZmqRecordLinkTest, SendsAgainToACoordinatorThatCameBack) {
  // What is sent before the old link is seen to be broken is lost, so sending again must not end.
  sender_options_.resend_after_ns = kNsPerMs;
  const auto running = Start();
  for (uint64_t k : {1, 2, 3}) running->AddOne(k);
  {
    BatchReceiver receiver(running->endpoint(), running->server_key());
    std::set<uint64_t> received;
    while (received.size() < 3) received.insert(receiver.Next().sequence());
  }
  ASSERT_TRUE(running->Ack(1).ok());
  BatchReceiver receiver(running->endpoint(), running->server_key());
  running->ResendUnacked();
  std::set<uint64_t> received;
  while (received.count(2) == 0 || received.count(3) == 0) {
    received.insert(receiver.Next().sequence());
  }
}

TEST_F(ZmqRecordLinkTest, NamesAWildcardAsOne) {
  options_.bind_endpoint = "tcp://0.0.0.0:*";
  EXPECT_THAT(Create()->endpoint(), StartsWith("tcp://0.0.0.0:"));
  options_.bind_endpoint = "tcp://[::]:*";
  EXPECT_THAT(Create()->endpoint(), StartsWith("tcp://[::]:"));
}

TEST_F(ZmqRecordLinkTest, BindsAnyFreeTcpPortAndNamesIt) {
  options_.bind_endpoint = "tcp://127.0.0.1:*";
  const auto running = Start();
  EXPECT_THAT(running->endpoint(), StartsWith("tcp://127.0.0.1:"));
  running->AddOne(7);
  BatchReceiver receiver(running->endpoint(), running->server_key());
  EXPECT_EQ(receiver.Next().records(0).session(), 7u);
}

}  // namespace
}  // namespace drumfire

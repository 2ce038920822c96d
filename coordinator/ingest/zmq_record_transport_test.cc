// Does the record link over real sockets stand bad endpoints, bad bytes and strangers, and get
// through what is good?
#include "coordinator/ingest/zmq_record_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/record/link_keys.h"
#include "coordinator/ingest/tcp_relay.h"
#include "coordinator/ingest/testing.h"
#include "coordinator/ingest/threaded_intake.h"

namespace drumfire {
namespace {

using ::drumfire::testutil::CollectingConsumer;
using ::drumfire::testutil::Framed;
using ::drumfire::testutil::kRunId;
using ::drumfire::testutil::MakeBatch;
using ::drumfire::testutil::TcpRelay;
using ::drumfire::testutil::ThreadedIntake;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ZmqRecordTransportTest : public ::testing::Test {
 protected:
  ZmqRecordTransportTest() : worker_(context_, zmq::socket_type::push) {
    worker_.set(zmq::sockopt::linger, 0);
    GuardServer(worker_keys_, &worker_);
    worker_.bind("tcp://127.0.0.1:*");
  }

  std::string endpoint() { return worker_.get(zmq::sockopt::last_endpoint); }
  void AddWorker() { source_.AddWorker({0, 1, endpoint(), worker_keys_.public_key}); }
  void Send(const std::string& message) { worker_.send(zmq::buffer(message)); }

  const LinkKeys worker_keys_ = *MakeLinkKeys();
  CollectingConsumer consumer_;
  zmq::context_t context_;
  zmq::socket_t worker_;
  ThreadedIntake source_{kRunId, *MakeLinkKeys(), &consumer_, nullptr};
};

TEST_F(ZmqRecordTransportTest, NamesAnEndpointThatIsNone) {
  for (const char* endpoint : {"", "nonsense", "tcp://", "http://127.0.0.1:80"}) {
    source_.AddWorker({0, 1, endpoint, worker_keys_.public_key});
    const absl::Status linked = source_.intake().IsLinked(0).status();
    EXPECT_EQ(linked.code(), absl::StatusCode::kInvalidArgument) << endpoint;
    EXPECT_THAT(linked.message(), HasSubstr("worker 0"));
  }
}

TEST_F(ZmqRecordTransportTest, TakesNothingFromWhoDoesNotHoldTheKey) {
  source_.AddWorker({7, 1, endpoint(), MakeLinkKeys()->public_key});
  ASSERT_TRUE(source_.WaitUntil(
      [&] { return source_.intake().LinkFault(7).find("key") != std::string::npos; }));
  EXPECT_EQ(source_.intake().counters().records, 0u);
}

TEST_F(ZmqRecordTransportTest, TakesNothingFromAPlainSocket) {
  zmq::socket_t plain(context_, zmq::socket_type::push);
  plain.set(zmq::sockopt::linger, 0);
  plain.bind("tcp://127.0.0.1:*");
  const std::string where = plain.get(zmq::sockopt::last_endpoint);
  source_.AddWorker({0, 1, where, worker_keys_.public_key});
  ASSERT_TRUE(source_.WaitUntil(
      [&] { return source_.intake().LinkFault(0).find("no connection") == std::string::npos; }));
  EXPECT_THAT(source_.intake().LinkFault(0), HasSubstr(where));
  const auto linked = source_.intake().IsLinked(0);
  EXPECT_TRUE(!linked.ok() || !*linked);
}

TEST_F(ZmqRecordTransportTest, NamesAWorkerWhoseSocketIsNotThere) {
  const std::string nowhere = "ipc:///nowhere/records";
  source_.AddWorker({0, 1, nowhere, worker_keys_.public_key});
  EXPECT_FALSE(*source_.intake().IsLinked(0));
  EXPECT_EQ(source_.intake().LinkFault(0),
            "records of worker 0 cannot be fetched from ipc:///nowhere/records: no connection");
}

TEST_F(ZmqRecordTransportTest, AWorkerThatComesBackWithAnotherKeyIsLinkedAnew) {
  source_.AddWorker({0, 1, endpoint(), MakeLinkKeys()->public_key});
  source_.AddWorker({0, 2, endpoint(), worker_keys_.public_key});
  EXPECT_TRUE(*source_.WaitForLink(0));
}

// Its process restarted: the same port, another key, and the run knows it as another worker.
TEST_F(ZmqRecordTransportTest, AnotherWorkerAtTheSameEndpointTakesTheLinkOver) {
  source_.AddWorker({0, 1, endpoint(), MakeLinkKeys()->public_key});
  source_.RemoveWorker(0);
  source_.AddWorker({3, 2, endpoint(), worker_keys_.public_key});
  ASSERT_TRUE(*source_.WaitForLink(3));
  v1::RecordBatch batch = MakeBatch(1, 2, 10);
  batch.set_worker(3);
  batch.set_epoch(2);
  Send(Framed(batch));
  EXPECT_TRUE(source_.WaitFor(3, 1));
}

TEST_F(ZmqRecordTransportTest, BadBytesAndStrangersAreCountedAndTheRestGoesOn) {
  AddWorker();
  Send("not a frame");
  v1::RecordBatch stranger = MakeBatch(1);
  stranger.set_worker(5);
  Send(Framed(stranger));
  Send(Framed(MakeBatch(1, 2, 10)));
  ASSERT_TRUE(source_.WaitFor(0, 1));
  EXPECT_THAT(consumer_.ks(), ElementsAre(10, 11));
  const IngestCounters counters = source_.intake().counters();
  EXPECT_EQ(counters.damaged, 1u);
  EXPECT_EQ(counters.foreign, 1u);
  EXPECT_EQ(counters.records, 2u);
}

// ZeroMQ ends the link at bytes that break its protocol, and does not connect again.
class SpoiltLinkTest : public ZmqRecordTransportTest {
 protected:
  uint16_t worker_port() {
    const std::string bound = endpoint();
    int port = 0;
    CHECK(absl::SimpleAtoi(bound.substr(bound.rfind(':') + 1), &port));
    return static_cast<uint16_t>(port);
  }

  // As a worker does, which cannot know what the damage met.
  void SendUntilTaken(uint64_t sequence) {
    ASSERT_TRUE(source_.WaitUntil([&] {
      source_.Wake();
      (void)worker_.send(zmq::buffer(Framed(MakeBatch(sequence))), zmq::send_flags::dontwait);
      return source_.intake().HasAll(0, sequence);
    }));
  }

  void ExpectsRecordsAfterEachDamage(const std::string& host) {
    TcpRelay relay(worker_port());
    source_.AddWorker(
        {0, 1, absl::StrCat("tcp://", host, ":", relay.port()), worker_keys_.public_key});
    ASSERT_TRUE(*source_.WaitForLink(0));
    for (uint64_t sequence = 1; sequence <= 3; ++sequence) {
      SendUntilTaken(sequence);
      relay.SpoilNext();
      Send(Framed(MakeBatch(sequence)));
      ASSERT_TRUE(source_.WaitUntil([&] { return relay.has_spoilt(); }));
    }
    SendUntilTaken(4);
    EXPECT_TRUE(*source_.intake().IsLinked(0));
  }
};

TEST_F(SpoiltLinkTest, IsMadeAgain) { ExpectsRecordsAfterEachDamage("127.0.0.1"); }

// ZeroMQ tells of a link by name under its address once it has broken.
TEST_F(SpoiltLinkTest, ByNameIsMadeAgainToo) { ExpectsRecordsAfterEachDamage("localhost"); }

}  // namespace
}  // namespace drumfire

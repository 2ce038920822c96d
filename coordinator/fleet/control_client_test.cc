// Does a worker that talks without end cost bounded memory, and is it told as lost?
#include "coordinator/fleet/control_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>

#include "common/control/limits.h"
#include "common/credentials/transport.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

// Sends messages for as long as the stream takes them.
class TalkativeWorker : public v1::Worker::Service {
 public:
  grpc::Status Run(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::WorkerMessage, v1::CoordinatorMessage>* stream) override {
    v1::WorkerMessage message;
    message.mutable_heartbeat();
    while (stream->Write(message)) continue;
    return grpc::Status::OK;
  }
};

// Gives every coordinator up at once.
class SilentWorker : public v1::Worker::Service {
 public:
  grpc::Status Run(grpc::ServerContext*,
                   grpc::ServerReaderWriter<v1::WorkerMessage, v1::CoordinatorMessage>*) override {
    return {grpc::StatusCode::UNAVAILABLE, "not now"};
  }
};

class ServerOf {
 public:
  explicit ServerOf(v1::Worker::Service* worker) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", MakeServerCredentials({}), &port_);
    builder.RegisterService(worker);
    server_ = builder.BuildAndStart();
  }
  ~ServerOf() { server_->Shutdown(); }
  WorkerAddress address() const { return {absl::StrCat("127.0.0.1:", port_), ""}; }

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// The probe hangs until the test lets it go: gRPC's thread is through with the stream before.
TEST(ControlClientTest, TheSearchForACauseHoldsNoThreadOfGrpcUp) {
  SilentWorker worker;
  const ServerOf server(&worker);
  Mailbox<FleetEvent> events{2 * kMaxQueuedMessages};
  std::promise<void> release;
  const auto hang = release.get_future().share();
  DialCheck check(
      {},
      [&hang](const WorkerAddress&) {
        hang.wait();
        return "found out";
      },
      &events);
  ControlClient client(3, 7, server.address(), {}, &events, &check);
  client.WaitUntilDone();
  EXPECT_FALSE(events.Pop(std::chrono::nanoseconds(0)).has_value());
  release.set_value();
  const auto event = events.Pop(std::chrono::seconds(60));
  ASSERT_TRUE(event.has_value());
  EXPECT_TRUE(event->closed);
  EXPECT_EQ(event->close_reason, "found out");
}

// Reads nothing until the coordinator has given it up.
class DeafWorker : public v1::Worker::Service {
 public:
  grpc::Status Run(grpc::ServerContext*,
                   grpc::ServerReaderWriter<v1::WorkerMessage, v1::CoordinatorMessage>*) override {
    given_up.get_future().wait();
    return grpc::Status::OK;
  }
  std::promise<void> given_up;
};

// A message that is left out would leave a gap in the sequence, and say nothing of it.
TEST(ControlClientTest, AWorkerThatTakesNothingIsBrokenOff) {
  DeafWorker worker;
  const ServerOf server(&worker);
  Mailbox<FleetEvent> events{2 * kMaxQueuedMessages};
  DialCheck check(
      {}, [](const WorkerAddress&) { return ""; }, &events);
  ControlClient client(3, 7, server.address(), {}, &events, &check);
  v1::CoordinatorMessage message;
  message.mutable_chunk()->set_data(std::string(1000, 'x'));  // soon more than gRPC buffers
  std::optional<FleetEvent> event;
  while (!event.has_value()) {
    for (int i = 0; i < 1000; ++i) client.Send(message);
    event = events.Pop(std::chrono::nanoseconds(0));
  }
  worker.given_up.set_value();
  EXPECT_TRUE(event->closed);
  EXPECT_EQ(event->close_reason, "it left 65536 messages untaken");
}

// Others fill it: the message that is left out ends the stream, with the cause.
TEST(ControlClientTest, AFullMailboxBreaksTheStreamOff) {
  TalkativeWorker worker;
  const ServerOf server(&worker);
  Mailbox<FleetEvent> events{10};
  DialCheck check(
      {}, [](const WorkerAddress&) { return ""; }, &events);
  ControlClient client(3, 7, server.address(), {}, &events, &check);
  client.WaitUntilDone();
  const auto all = events.TakeAll();
  ASSERT_EQ(all.size(), 11u);
  EXPECT_TRUE(all.back().closed);
  EXPECT_THAT(all.back().close_reason, HasSubstr("too many messages of its workers"));
}

// Sends one message that no entry of the journal could hold.
class VerboseWorker : public v1::Worker::Service {
 public:
  grpc::Status Run(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::WorkerMessage, v1::CoordinatorMessage>* stream) override {
    v1::WorkerMessage message;
    message.mutable_histograms()->add_histograms()->set_metric(
        std::string(kMaxWorkerMessageBytes, 'x'));
    stream->Write(message);
    while (stream->Read(&ignored_)) continue;
    return grpc::Status::OK;
  }

 private:
  v1::CoordinatorMessage ignored_;
};

TEST(ControlClientTest, AMessageLargerThanTheJournalTakesBreaksTheStreamOff) {
  VerboseWorker worker;
  const ServerOf server(&worker);
  Mailbox<FleetEvent> events{10};
  DialCheck check(
      {}, [](const WorkerAddress&) { return ""; }, &events);
  ControlClient client(3, 7, server.address(), {}, &events, &check);
  client.WaitUntilDone();
  const auto all = events.TakeAll();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all.front().closed);
  EXPECT_THAT(all.front().close_reason, HasSubstr("larger than max"));
}

TEST(ControlClientTest, AWorkerThatFloodsIsBrokenOff) {
  TalkativeWorker worker;
  const ServerOf server(&worker);
  Mailbox<FleetEvent> events{2 * kMaxQueuedMessages};
  DialCheck check(
      {}, [](const WorkerAddress&) { return ""; }, &events);
  size_t messages = 0;
  {
    ControlClient client(3, 7, server.address(), {}, &events, &check);
    // Its own thread waits in here, so nobody takes anything until the flood is over.
    client.WaitUntilDone();
    while (auto event = events.Pop(std::chrono::nanoseconds(0))) {
      EXPECT_EQ(event->worker, 3u);
      EXPECT_EQ(event->epoch, 7u);
      if (event->closed) {
        EXPECT_THAT(event->close_reason, HasSubstr("faster than they were taken"));
        break;
      }
      ++messages;
    }
  }
  EXPECT_GE(messages, kMaxQueuedMessages);
  EXPECT_LT(messages, 2 * kMaxQueuedMessages);
}

}  // namespace
}  // namespace drumfire

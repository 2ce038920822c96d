// Does a worker that talks without end cost bounded memory, and is it told as lost?
#include "coordinator/fleet/control_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(ControlClientTest, AWorkerThatFloodsIsBrokenOff) {
  TalkativeWorker worker;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", MakeServerCredentials({}), &port);
  builder.RegisterService(&worker);
  const auto server = builder.BuildAndStart();
  Mailbox<FleetEvent> events;
  size_t messages = 0;
  {
    ControlClient client(3, 7, {absl::StrCat("127.0.0.1:", port), ""}, {}, &events);
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
  server->Shutdown();
}

}  // namespace
}  // namespace drumfire

// Is a worker free, quiet and answering after one run, after many, and while coordinators contend
// for it?
#include "worker/session/worker_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/plan/version.h"
#include "worker/session/worker_server_fixture.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

class WorkerServerTest : public ::drumfire::testutil::WorkerServerFixture {
 protected:
  // One coordinator's whole visit. Returns why it was refused.
  std::string Visit() {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    const auto stream = stub_->Run(&context);
    v1::CoordinatorMessage hello;
    hello.mutable_hello()->set_protocol_version(kProtocolVersion + 1);
    stream->Write(hello);
    v1::WorkerMessage reply;
    std::string reason;
    while (stream->Read(&reply)) reason = reply.refused().reason();
    (void)stream->Finish();
    return reason;
  }
};

TEST_F(WorkerServerTest, EachEndOfARunIsReportedOnce) {
  EXPECT_FALSE(server_->WaitForRunEnd(absl::ZeroDuration()));
  for (int run = 0; run < 3; ++run) {
    Visit();
    EXPECT_TRUE(server_->WaitForRunEnd(absl::Minutes(1)));
    EXPECT_FALSE(server_->WaitForRunEnd(absl::ZeroDuration()));
  }
}

// The coordinator of the next run may come as soon as the one before it saw its stream end.
TEST_F(WorkerServerTest, IsFreeWhenTheStreamEnds) {
  for (int run = 0; run < 200; ++run) EXPECT_THAT(Visit(), HasSubstr("protocol version"));
}

TEST_F(WorkerServerTest, ContendingCoordinatorsNeverStopIt) {
  std::vector<std::thread> coordinators;
  for (int i = 0; i < 4; ++i) {
    coordinators.emplace_back([this] {
      for (int run = 0; run < 250; ++run) EXPECT_FALSE(Visit().empty());
    });
  }
  for (std::thread& coordinator : coordinators) coordinator.join();
  EXPECT_EQ(server_->Status().owner(), "");
}

}  // namespace
}  // namespace drumfire

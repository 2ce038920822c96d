// Is every worker of a list asked, and the cause known where one cannot be?
#include "coordinator/fleet/status_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>

#include "common/clock/clock.h"
#include "coordinator/fleet/dial_test_server.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int64_t kAheadNs = 3600 * kNsPerSecond;

// A worker whose wall clock is an hour ahead.
class StatusService : public v1::Worker::Service {
 public:
  explicit StatusService(const FleetCredentials& credentials = {}) : credentials_(credentials) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", MakeServerCredentials(credentials), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~StatusService() override { server_->Shutdown(); }

  WorkerAddress address() const { return {absl::StrCat("127.0.0.1:", port_), ""}; }
  int asked() const { return asked_; }
  bool tells_clock = true;

 private:
  grpc::Status GetStatus(grpc::ServerContext* context, const v1::StatusRequest*,
                         v1::StatusReply* reply) override {
    if (grpc::Status known = CheckToken(credentials_, *context); !known.ok()) return known;
    ++asked_;
    reply->set_run_id("ab12");
    if (tells_clock) reply->set_wall_ns(SystemClock().WallNs() + kAheadNs);
    return grpc::Status::OK;
  }

  const FleetCredentials credentials_;
  std::atomic<int> asked_ = 0;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class StatusClientTest : public ::testing::Test {
 protected:
  StatusClientTest() { signal(SIGPIPE, SIG_IGN); }

  static WorkerStatus Ask(const WorkerAddress& address, const FleetCredentials& credentials = {}) {
    StatusOptions options;
    options.timeout = absl::Seconds(60);
    return AskWorkers({address}, credentials, options).front();
  }
};

TEST_F(StatusClientTest, SaysThatNobodyListens) {
  EXPECT_THAT(Ask({"127.0.0.1:1", ""}).fault, StartsWith("unreachable: "));
  EXPECT_THAT(Ask({"unix:/nowhere/worker", ""}).fault, StartsWith("unreachable: "));
}

TEST_F(StatusClientTest, SaysWhyCertificatesDoNotFit) {
  const TestFleet fleet;
  const StatusService expired(fleet.Worker("127.0.0.1", LongOver()));
  EXPECT_EQ(Ask(expired.address(), fleet.Coordinator()).fault,
            "its certificate is not accepted: certificate has expired");
  EXPECT_THAT(Ask(expired.address()).fault, HasSubstr("does it require certificates"));
  const StatusService named(fleet.Worker("worker-7"));
  EXPECT_THAT(Ask(named.address(), fleet.Coordinator()).fault,
              HasSubstr("it is not for 127.0.0.1"));
  EXPECT_EQ(Ask({named.address().dial, "worker-7"}, fleet.Coordinator()).fault, "");
}

TEST_F(StatusClientTest, SaysWhyTheTokenDoesNotFit) {
  FleetCredentials credentials;
  credentials.token = "right-token-of-the-fleet";
  const StatusService worker(credentials);
  EXPECT_THAT(Ask(worker.address()).fault, HasSubstr("token"));
  EXPECT_EQ(Ask(worker.address(), credentials).fault, "");
}

TEST_F(StatusClientTest, SaysThatAnotherServerListens) {
  const TestServer mute({});  // of gRPC, without an answer to this call
  EXPECT_EQ(Ask({mute.address(), ""}).fault,
            "the program listening there is not a drumfire-worker");
}

TEST_F(StatusClientTest, TheShortestQuestionBoundsTheClock) {
  const StatusService worker;
  const WorkerStatus status = Ask(worker.address());
  EXPECT_EQ(worker.asked(), 8);
  EXPECT_EQ(status.reply.run_id(), "ab12");
  ASSERT_TRUE(status.wall_clock.has_value());
  EXPECT_EQ(status.wall_clock->bound_ns, (status.round_trip_ns + 1) / 2);
  EXPECT_GT(status.round_trip_ns, 0);
  EXPECT_LE(std::abs(status.wall_clock->offset_ns - kAheadNs), status.wall_clock->bound_ns);
}

TEST_F(StatusClientTest, AnOlderWorkerTellsNoClock) {
  StatusService worker;
  worker.tells_clock = false;
  const WorkerStatus status = Ask(worker.address());
  EXPECT_EQ(status.fault, "");
  EXPECT_FALSE(status.wall_clock.has_value());
}

TEST_F(StatusClientTest, AnswersComeInTheOrderOfTheList) {
  const StatusService one, two;
  const auto statuses =
      AskWorkers({two.address(), {"127.0.0.1:1", ""}, one.address()}, {}, StatusOptions());
  ASSERT_EQ(statuses.size(), 3u);
  EXPECT_EQ(statuses[0].address.dial, two.address().dial);
  EXPECT_EQ(statuses[0].fault, "");
  EXPECT_NE(statuses[1].fault, "");
  EXPECT_EQ(statuses[2].address.dial, one.address().dial);
  EXPECT_TRUE(AskWorkers({}, {}, StatusOptions()).empty());
}

}  // namespace
}  // namespace drumfire

// Does a health check tell a worker that serves from everything else, within its time?
#include "worker/process/health_command.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "worker/session/status_listener.h"
#include "worker/session/worker_server.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// A loopback port on which connections are taken by the kernel and never answered.
class SilentPort {
 public:
  explicit SilentPort(bool listens) : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(descriptor_, any, size), 0);
    EXPECT_EQ(getsockname(descriptor_, any, &size), 0);
    port_ = ntohs(address.sin_port);
    if (listens) {
      EXPECT_EQ(listen(descriptor_, 1), 0);
    }
  }
  ~SilentPort() { close(descriptor_); }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

 private:
  const int descriptor_;
  int port_ = 0;
};

struct HealthOutcome {
  int code = -1;
  std::string out;
  std::string err;
};

HealthOutcome Ask(const std::string& address, double timeout_s) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = RunHealthCommand({.address = address, .timeout_s = timeout_s}, out, err);
  return {code, out.str(), err.str()};
}

std::unique_ptr<StatusListener> ListenFor(v1::StatusReply reply) {
  return StatusListener::Create("127.0.0.1:0", [reply] { return reply; }).value();
}

std::string AddressOf(const StatusListener& listener) {
  return absl::StrCat("127.0.0.1:", listener.port());
}

TEST(HealthCommandTest, NobodyListens) {
  const SilentPort port(/*listens=*/false);
  const HealthOutcome asked = Ask(port.address(), 60);
  EXPECT_EQ(asked.code, 1);
  EXPECT_THAT(asked.err, StartsWith("drumfire-worker: health " + port.address() + ": no worker"));
  EXPECT_EQ(asked.out, "");
}

TEST(HealthCommandTest, WhoListensNeverAnswers) {
  const SilentPort port(/*listens=*/true);
  const HealthOutcome asked = Ask(port.address(), 0.05);
  EXPECT_EQ(asked.code, 1);
  EXPECT_THAT(asked.err, HasSubstr("no answer in 50ms"));
}

TEST(HealthCommandTest, WorkerThatServesSaysWhatItDoes) {
  v1::StatusReply reply;
  reply.set_version("7.7");
  auto idle = ListenFor(reply);
  const std::string address = AddressOf(*idle);
  EXPECT_EQ(Ask(address, 60).out, "serves, version 7.7, idle\n");
  idle.reset();
  EXPECT_EQ(Ask(address, 60).code, 1);
  reply.set_run_id("beef");
  reply.set_phase("profiling");
  const auto busy = ListenFor(reply);
  const HealthOutcome asked = Ask(AddressOf(*busy), 60);
  EXPECT_EQ(asked.code, 0);
  EXPECT_EQ(asked.out, "serves, version 7.7, run beef, phase profiling\n");
}

TEST(HealthCommandTest, HealthListenerTakesNoRun) {
  const auto listener = ListenFor({});
  const auto stub = v1::Worker::NewStub(
      grpc::CreateChannel(AddressOf(*listener), grpc::InsecureChannelCredentials()));
  grpc::ClientContext call;
  const auto stream = stub->Run(&call);
  stream->WritesDone();
  v1::WorkerMessage message;
  EXPECT_FALSE(stream->Read(&message));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST(HealthCommandTest, AddressInUseIsTheFlagsFault) {
  const auto first = ListenFor({});
  const auto second = StatusListener::Create(AddressOf(*first), [] { return v1::StatusReply(); });
  EXPECT_THAT(std::string(second.status().message()),
              StartsWith("--health-listen: cannot listen on 127.0.0.1"));
}

}  // namespace
}  // namespace drumfire

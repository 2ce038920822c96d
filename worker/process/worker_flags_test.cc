// Does a worker that others could misuse refuse to start, and any other start as told?
#include "worker/process/worker_flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drumfire {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<WorkerServerOptions> Read(const WorkerFlags& flags) {
  const auto read = [](const std::string& path) -> absl::StatusOr<std::string> {
    if (path == "token") return "correct-horse-battery\n";
    return absl::NotFoundError("no file " + path);
  };
  return ReadWorkerOptions(flags, read, absl::Now());
}

WorkerFlags ListeningOn(const char* where) {
  WorkerFlags flags;
  flags.listen = where;
  return flags;
}

TEST(WorkerFlagsTest, RefusesToListenToOtherHostsWithoutCredentials) {
  for (const char* listen : {"0.0.0.0:7000", "[::]:7000", "10.1.2.3:7000", "worker-0:7000"}) {
    const auto options = Read(ListeningOn(listen));
    EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument) << listen;
    EXPECT_THAT(options.status().message(), HasSubstr(listen));
    EXPECT_THAT(options.status().message(), HasSubstr("--insecure-fleet"));
  }
}

TEST(WorkerFlagsTest, RefusesCredentialsThatCannotBeReadEvenOnLoopback) {
  WorkerFlags flags = ListeningOn("127.0.0.1:0");
  flags.insecure_fleet = true;
  flags.credentials.token = "none";
  EXPECT_THAT(Read(flags).status().message(), HasSubstr("--fleet-token-file: found no file none"));
}

TEST(WorkerFlagsTest, RefusesHealthChecksFromOtherHosts) {
  WorkerFlags flags = ListeningOn("127.0.0.1:0");
  for (const char* elsewhere : {"0.0.0.0:7071", "10.1.2.3:7071", "worker-0:7071"}) {
    flags.health_listen = elsewhere;
    EXPECT_THAT(Read(flags).status().message(), HasSubstr("use a loopback address")) << elsewhere;
  }
  for (const char* here : {"127.0.0.1:7071", "unix:/run/health"}) {
    flags.health_listen = here;
    EXPECT_TRUE(Read(flags).ok()) << Read(flags).status();
  }
}

TEST(WorkerFlagsTest, SomewhereToListenIsRequired) {
  EXPECT_EQ(Read({}).status().message(), "--listen is required");
}

TEST(WorkerFlagsTest, OneKindOfCredentialsOrTheUsersWordIsEnough) {
  WorkerFlags flags = ListeningOn("0.0.0.0:7000");
  flags.credentials.token = "token";
  ASSERT_TRUE(Read(flags).ok()) << Read(flags).status();
  EXPECT_EQ(Read(flags)->credentials.token, "correct-horse-battery");
  flags = ListeningOn("0.0.0.0:7000");
  flags.insecure_fleet = true;
  EXPECT_TRUE(Read(flags).ok());
}

TEST(WorkerFlagsTest, RecordsAreBoundBesideTheControlAddress) {
  EXPECT_EQ(Read(ListeningOn("127.0.0.1:0"))->records_bind, "tcp://127.0.0.1:*");
  EXPECT_EQ(Read(ListeningOn("[::1]:0"))->records_bind, "tcp://[::1]:*");
  EXPECT_EQ(Read(ListeningOn("unix:/x/y"))->records_bind, "ipc:///x/y.records");
  WorkerFlags elsewhere = ListeningOn("unix:/x");
  elsewhere.records = "tcp://1.1.1.1:1";
  EXPECT_EQ(Read(elsewhere)->records_bind, "tcp://1.1.1.1:1");
}

}  // namespace
}  // namespace drumfire

// Is the cause found why a worker can never be reached, and none where there is none?
#include "coordinator/fleet/dial_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "coordinator/fleet/dial_test_server.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Only ever waited for where nothing comes.
constexpr absl::Duration kPatience = absl::Seconds(30);

class DialProbeTest : public ::testing::Test {
 protected:
  DialProbeTest() { signal(SIGPIPE, SIG_IGN); }

  static std::string Probe(const TestServer& server, const FleetCredentials& credentials,
                           const std::string& tls_name = "") {
    return ProbeWorker({server.address(), tls_name}, credentials, kPatience);
  }

  const TestFleet fleet_, others_;
};

TEST_F(DialProbeTest, SaysThatAWorkersCertificateHasExpired) {
  const TestServer server(fleet_.Worker("127.0.0.1", LongOver()));
  EXPECT_EQ(Probe(server, fleet_.Coordinator()),
            "its certificate is not accepted: certificate has expired");
}

TEST_F(DialProbeTest, SaysThatAWorkerIsOfAnotherFleet) {
  const TestServer server(others_.Worker("127.0.0.1"));
  EXPECT_THAT(Probe(server, fleet_.Coordinator()), StartsWith("its certificate is not accepted: "));
}

TEST_F(DialProbeTest, SaysThatACertificateIsForAnotherHost) {
  const TestServer server(fleet_.Worker("worker-7"));
  EXPECT_EQ(Probe(server, fleet_.Coordinator()),
            "its certificate is not accepted: it is not for 127.0.0.1");
}

// A name of DNS has its address dialled, and its own certificate checked.
TEST_F(DialProbeTest, ChecksTheNameThatTheAddressCameFrom) {
  const TestServer server(fleet_.Worker("worker-7"));
  EXPECT_EQ(Probe(server, fleet_.Coordinator(), "worker-7"), "");
  EXPECT_EQ(Probe(server, fleet_.Coordinator(), "worker-8"),
            "its certificate is not accepted: it is not for worker-8");
}

TEST_F(DialProbeTest, SaysThatOurCertificateIsNotAccepted) {
  const TestServer server(fleet_.Worker("127.0.0.1"));
  EXPECT_THAT(Probe(server, fleet_.Coordinator(LongOver())),
              StartsWith("it does not accept our certificate"));
  FleetCredentials stranger = others_.Coordinator();
  stranger.tls.ca = fleet_.Coordinator().tls.ca;
  EXPECT_THAT(Probe(server, stranger), StartsWith("it does not accept our certificate"));
}

TEST_F(DialProbeTest, AWorkersCertificateDoesNotMakeACoordinator) {
  const TestServer server(fleet_.Worker("127.0.0.1"));
  EXPECT_THAT(Probe(server, fleet_.Worker("127.0.0.1")),
              StartsWith("it does not accept our certificate"));
}

TEST_F(DialProbeTest, SaysThatOnlyOneSideHasCertificates) {
  const TestServer guarded(fleet_.Worker("127.0.0.1"));
  EXPECT_THAT(Probe(guarded, {}), HasSubstr("does it require certificates"));
  const TestServer plain({});
  EXPECT_THAT(Probe(plain, fleet_.Coordinator()), StartsWith("TLS failed: "));
}

TEST_F(DialProbeTest, SaysThatSomethingElseListensThere) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(where);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&where), size), 0);
  ASSERT_EQ(listen(listener, 1), 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&where), &size);
  const std::string address = absl::StrCat("127.0.0.1:", ntohs(where.sin_port));
  std::thread other([listener] {
    const int peer = accept(listener, nullptr, nullptr);
    send(peer, "HTTP/1.1 400 No\r\n\r\n", 19, MSG_NOSIGNAL);
    shutdown(peer, SHUT_WR);
    char rest[256];
    while (recv(peer, rest, sizeof(rest), 0) > 0) {
    }
    close(peer);
  });
  EXPECT_EQ(ProbeWorker({address, ""}, {}, kPatience),
            "the program listening there is not a drumfire-worker");
  other.join();
  // Bound no more: nobody answers, which may change.
  close(listener);
  EXPECT_EQ(ProbeWorker({address, ""}, {}, kPatience), "");
}

TEST_F(DialProbeTest, ALookUpThatHangsHoldsNobodyUp) {
  std::promise<void> release;
  const auto look_up = [hang = release.get_future().share()](const std::string&,
                                                             const std::string&) {
    hang.wait();
    return absl::StatusOr<AddressList>(absl::NotFoundError("no such host"));
  };
  EXPECT_EQ(ProbeWorker({"worker-7:7070", ""}, {}, absl::Milliseconds(1), look_up), "");
  release.set_value();
}

TEST_F(DialProbeTest, FindsNothingWrongWithAGoodWorker) {
  const TestServer guarded(fleet_.Worker("127.0.0.1"));
  EXPECT_EQ(Probe(guarded, fleet_.Coordinator()), "");
  const TestServer plain({});
  EXPECT_EQ(Probe(plain, {}), "");
}

}  // namespace
}  // namespace drumfire

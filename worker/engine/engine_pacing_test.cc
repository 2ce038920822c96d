// Is a target that takes no connections left in peace, without a request being forgotten?
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "gtest/gtest.h"
#include "worker/engine/connect_gate.h"
#include "worker/engine/testing/engine_fixture.h"

namespace drumfire {
namespace {

// A port that is taken, so that nobody else listens there, and refuses.
class DeadPort {
 public:
  DeadPort() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(fd_, any, size), 0);
    EXPECT_EQ(getsockname(fd_, any, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~DeadPort() { close(fd_); }
  std::string url(const char* scheme = "http") const {
    return absl::StrCat(scheme, "://127.0.0.1:", port_);
  }
  // It takes connections from now on, and says nothing.
  void Listen() { EXPECT_EQ(listen(fd_, 100), 0); }
  int Accept() { return accept(fd_, nullptr, nullptr); }

 private:
  const int fd_;
  int port_ = 0;
};

class EnginePacing : public EngineFixture {};

TEST_P(EnginePacing, AClosedLoopOnADeadTargetDoesNotSpin) {
  DeadPort port;
  StartEngine({port.url()});
  on_finished = [&](const Exchange&) {
    if (finished.size() + engine().in_flight() < 100) Send();
  };
  const int64_t began_ns = SystemClock().MonotonicNs();
  for (int i = 0; i < 4; ++i) Send();
  AwaitFinished(24);
  // Six rounds of four have at least five pauses between them: 5, 10, 20, 40, 80 ms and more.
  EXPECT_GE(SystemClock().MonotonicNs() - began_ns, 3 * ConnectGate::kFirstPauseNs);
  for (size_t i = 0; i < 24; ++i) {
    EXPECT_EQ(finished[i]->outcome, v1::OUTCOME_FAILED);
    EXPECT_EQ(finished[i]->error, v1::ERROR_REFUSED) << finished[i]->error_message;
    EXPECT_LT(finished[i]->sent_ns, 0);
    EXPECT_GE(finished[i]->end_ns, began_ns);
  }
}

TEST_P(EnginePacing, WhoWaitsForADownTargetFailsWithIt) {
  DeadPort port;
  StartEngine({port.url()});
  for (uint32_t i = 0; i < ConnectGate::kDownAfter; ++i) SendAndAwait();
  const size_t before = finished.size();
  for (int i = 0; i < 200; ++i) Send();
  AwaitFinished(before + 200);
  EXPECT_EQ(engine().in_flight(), 0u);
  for (const auto& exchange : finished) EXPECT_EQ(exchange->error, v1::ERROR_REFUSED);
}

TEST_P(EnginePacing, ATargetThatComesBackIsUsedAndTheWaitIsTheConnects) {
  DeadPort port;
  StartEngine({port.url()});
  SendAndAwait();
  EXPECT_EQ(finished[0]->error, v1::ERROR_REFUSED);
  port.Listen();
  Send();  // waits for the pause
  int peer = -1;
  AwaitTrue([&] { return (peer = port.Accept()) >= 0; });
  const std::string answer = ChatStream({"a"});
  EXPECT_EQ(send(peer, answer.data(), answer.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(answer.size()));
  AwaitFinished(2);
  close(peer);
  EXPECT_EQ(finished[1]->outcome, v1::OUTCOME_COMPLETED) << finished[1]->error_message;
  EXPECT_GE(finished[1]->connect_ns, finished[1]->connect_wait_ns);
  EXPECT_GT(finished[1]->connect_wait_ns, 0);
}

TEST_P(EnginePacing, CancelAllEndsThoseThatWait) {
  DeadPort port;
  StartEngine({port.url()});
  SendAndAwait();
  for (int i = 0; i < 5; ++i) Send();
  engine().CancelAll();
  EXPECT_EQ(engine().in_flight(), 0u);
  ASSERT_EQ(finished.size(), 6u);
  for (size_t i = 1; i < finished.size(); ++i) {
    EXPECT_EQ(finished[i]->outcome, v1::OUTCOME_CANCELLED);
  }
}

TEST_P(EnginePacing, AfterCancelAllATargetThatWasDownIsTriedAgain) {
  DeadPort port;
  StartEngine({port.url("https")});
  SendAndAwait();
  port.Listen();
  Send();  // waits for the pause, then for the server's side of the handshake
  int first = -1;
  AwaitTrue([&] { return (first = port.Accept()) >= 0; });
  engine().CancelAll();
  Send();
  int second = -1;
  AwaitTrue([&] { return (second = port.Accept()) >= 0; });
  close(first);
  close(second);
}

TEST_P(EnginePacing, OtherTargetsGoOn) {
  DeadPort port;
  const ScriptedServer server([](const ServerRequest&) { return Script{Say(ChatStream({"a"}))}; });
  StartEngine({port.url(), server.url()});
  for (uint32_t i = 0; i < ConnectGate::kDownAfter; ++i) SendAndAwait();
  for (int i = 0; i < 20; ++i) engine().Send(MakeExchange(i % 2));
  AwaitFinished(ConnectGate::kDownAfter + 20);
  size_t completed = 0;
  for (const auto& exchange : finished) completed += exchange->error == v1::ERROR_NONE ? 1 : 0;
  EXPECT_EQ(completed, 10u);
}

INSTANTIATE_TEST_SUITE_P(Both, EnginePacing, testing::ValuesIn(kBothEngines), EngineName);

}  // namespace
}  // namespace drumfire

// Do both engines take a proxy of the environment the same way, and leave it alone when told to?
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "gtest/gtest.h"
#include "worker/engine/testing/engine_fixture.h"

namespace drumfire {
namespace {

// A name that no resolver knows: only a proxy can answer for it.
constexpr char kTarget[] = "http://target.invalid:8000";

class EngineProxy : public EngineFixture {
 protected:
  EngineProxy()
      : proxy_([this](const ServerRequest& request) {
          heads_.push_back(request.head);
          return Script{Say(ChatStream({"a"}))};
        }) {}
  ~EngineProxy() override { unsetenv("http_proxy"); }

  void NameProxy(const std::string& login = "") {
    setenv("http_proxy", absl::StrCat("http://", login, "127.0.0.1:", proxy_.port()).c_str(), 1);
  }

  std::vector<std::string> heads_;  // written on the server's thread, read once it has answered
  ScriptedServer proxy_;
};

TEST_P(EngineProxy, PlainRequestsGoToItInAbsoluteForm) {
  NameProxy();
  StartEngine({kTarget});
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(SendAndAwait().outcome, v1::OUTCOME_COMPLETED) << finished.back()->error_message;
  }
  ASSERT_EQ(heads_.size(), 2u);
  for (const std::string& head : heads_) {
    EXPECT_TRUE(
        absl::StartsWith(head, "POST http://target.invalid:8000/v1/chat/completions HTTP/1.1\r\n"))
        << head;
  }
  EXPECT_EQ(proxy_.connections(), 1);
}

TEST_P(EngineProxy, ItsCredentialsAreSent) {
  NameProxy("me:secret@");
  StartEngine({kTarget});
  SendAndAwait();
  ASSERT_EQ(heads_.size(), 1u);
  EXPECT_TRUE(absl::StrContains(heads_[0], "\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n"));
}

TEST_P(EngineProxy, ARequestThatIsSentAgainIsAddressedOnce) {
  NameProxy();
  StartEngine({kTarget});
  SendAndAwait();
  auto again = MakeExchange();
  again->head = finished[0]->head;
  engine().Send(std::move(again));
  AwaitFinished(2);
  ASSERT_EQ(heads_.size(), 2u);
  EXPECT_TRUE(absl::StartsWith(heads_[1], "POST http://target.invalid:8000/v1/")) << heads_[1];
}

TEST_P(EngineProxy, IgnoredWhenThePlanSaysSo) {
  NameProxy();
  plan().mutable_connections()->set_ignore_environment_proxy(true);
  StartEngine({kTarget});
  EXPECT_EQ(SendAndAwait().error, v1::ERROR_DNS) << finished[0]->error_message;
  EXPECT_TRUE(heads_.empty());
}

TEST_P(EngineProxy, ConnectionsAreOpenedAheadToIt) {
  NameProxy();
  StartEngine({kTarget});
  const auto opened = engine().OpenConnections(3, SystemClock().MonotonicNs() + 20 * kNsPerSecond);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, 3u);
  EXPECT_TRUE(SendAndAwait().connection_reused);
}

INSTANTIATE_TEST_SUITE_P(Both, EngineProxy, testing::ValuesIn(kBothEngines), EngineName);

}  // namespace
}  // namespace drumfire

// Is TLS verified by default, and does a stream over it work like a plain one?
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "gtest/gtest.h"
#include "worker/engine/testing/engine_fixture.h"
#include "worker/engine/testing/test_certificate.h"

namespace drumfire {
namespace {

class EngineTls : public EngineFixture {
 protected:
  void Serve(const TestCertificate& certificate, Script script) {
    ScriptedServer::Options options;
    options.certificate = &certificate;
    EngineFixture::Serve([script = std::move(script)](const ServerRequest&) { return script; },
                         options);
  }
  v1::Connections& connections() { return *plan().mutable_connections(); }

  const TestCertificate certificate_ = MakeTestCertificate("DNS:localhost,IP:127.0.0.1");
};

TEST_P(EngineTls, UnknownAuthorityIsRefused) {
  Serve(certificate_, {Say(ChatStream({"a"}))});
  const Exchange& exchange = SendAndAwait();
  EXPECT_EQ(exchange.error, v1::ERROR_TLS);
  EXPECT_EQ(exchange.sent_ns, -1);
  EXPECT_EQ(server().requests(), 0);
}

TEST_P(EngineTls, WrongNameIsRefused) {
  const TestCertificate other = MakeTestCertificate("DNS:elsewhere.test");
  connections().set_ca_pem(other.ca_pem);
  Serve(other, {Say(ChatStream({"a"}))});
  EXPECT_EQ(SendAndAwait().error, v1::ERROR_TLS);
}

TEST_P(EngineTls, PlainServerBehindHttpsIsATlsError) {
  const ScriptedServer plain(
      [](const ServerRequest&) { return Script(); },
      ScriptedServer::Options{"127.0.0.1", nullptr, [](int) {
                                return Script{Say("HTTP/1.1 400 Bad Request\r\n\r\n"), CloseNow()};
                              }});
  StartEngine({absl::StrCat("https://127.0.0.1:", plain.port())});
  EXPECT_EQ(SendAndAwait().error, v1::ERROR_TLS);
}

TEST_P(EngineTls, GivenAuthorityIsTrusted) {
  connections().set_ca_pem(certificate_.ca_pem);
  Serve(certificate_, {Say(ChatStream({"a", "b"}))});
  const Exchange& exchange = SendAndAwait();
  EXPECT_EQ(exchange.outcome, v1::OUTCOME_COMPLETED) << exchange.error_message;
  EXPECT_EQ(exchange.content_chunks, 2u);
  EXPECT_EQ(exchange.stamps, v1::STAMP_USER);
  EXPECT_GT(exchange.tls_ns, 0);
  EXPECT_LE(exchange.sent_ns, exchange.head_ns);
}

TEST_P(EngineTls, InsecureTakesAnyCertificate) {
  connections().set_insecure(true);
  Serve(certificate_, {Say(ChatStream({"a"}))});
  EXPECT_EQ(SendAndAwait().outcome, v1::OUTCOME_COMPLETED);
}

TEST_P(EngineTls, ConnectionIsReused) {
  connections().set_ca_pem(certificate_.ca_pem);
  Serve(certificate_, {Say(ChatStream({"a"}))});
  for (int i = 0; i < 5; ++i) SendAndAwait();
  EXPECT_EQ(server().connections(), 1);
  EXPECT_EQ(finished[4]->outcome, v1::OUTCOME_COMPLETED) << finished[4]->error_message;
  EXPECT_TRUE(finished[4]->connection_reused);
}

TEST_P(EngineTls, PreopenedConnectionsHoldTheHandshake) {
  connections().set_ca_pem(certificate_.ca_pem);
  Serve(certificate_, {Say(ChatStream({"a"}))});
  const auto opened = engine().OpenConnections(5, SystemClock().MonotonicNs() + 20 * kNsPerSecond);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, 5u);
  EXPECT_EQ(server().requests(), 0);
  for (int i = 0; i < 5; ++i) Send();
  AwaitFinished(5);
  for (const auto& exchange : finished) {
    EXPECT_EQ(exchange->outcome, v1::OUTCOME_COMPLETED) << exchange->error_message;
    EXPECT_TRUE(exchange->connection_reused);
    EXPECT_EQ(exchange->tls_ns, 0);
  }
  EXPECT_EQ(server().connections(), 5);
}

TEST_P(EngineTls, PreopeningFindsAnUnknownAuthority) {
  Serve(certificate_, {Say(ChatStream({"a"}))});
  const auto opened = engine().OpenConnections(2, SystemClock().MonotonicNs() + 20 * kNsPerSecond);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(std::string(opened.status().message()), testing::HasSubstr("certificate"));
}

TEST_P(EngineTls, LargeRequestAndLargeEvent) {
  connections().set_ca_pem(certificate_.ca_pem);
  Serve(certificate_, {Say(ChatStream({std::string(3 << 20, 'x')}))});
  auto exchange = MakeExchange();
  exchange->body = std::make_shared<const std::string>(8 << 20, 'p');
  exchange->head = absl::StrCat(
      "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: ", exchange->body->size(), "\r\n\r\n");
  engine().Send(std::move(exchange));
  AwaitFinished(1);
  EXPECT_EQ(finished[0]->outcome, v1::OUTCOME_COMPLETED) << finished[0]->error_message;
  EXPECT_EQ(finished[0]->escaped_text.size(), 3u << 20);
}

TEST_P(EngineTls, ManyStreamsSideBySide) {
  connections().set_ca_pem(certificate_.ca_pem);
  Serve(certificate_, PacedChatStream(5, 10 * kNsPerMs));
  for (int i = 0; i < 150; ++i) Send();
  AwaitFinished(150);
  for (const auto& exchange : finished) {
    EXPECT_EQ(exchange->outcome, v1::OUTCOME_COMPLETED) << exchange->error_message;
    EXPECT_EQ(exchange->content_chunks, 5u);
  }
}

TEST_P(EngineTls, CutWithoutCloseNotifyIsTruncated) {
  connections().set_ca_pem(certificate_.ca_pem);
  Serve(certificate_, {Say(kStreamHead), Say(HttpChunk(ChatEvent("a"))), CloseNow()});
  const Exchange& exchange = SendAndAwait();
  EXPECT_EQ(exchange.outcome, v1::OUTCOME_FAILED);
  EXPECT_EQ(exchange.error, v1::ERROR_TRUNCATED);
}

INSTANTIATE_TEST_SUITE_P(Both, EngineTls, testing::ValuesIn(kBothEngines), EngineName);

}  // namespace
}  // namespace drumfire

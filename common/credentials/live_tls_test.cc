// Are a server's credentials released with the server, and not before?
#include "common/credentials/live_tls.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/credentials/certificate_authority.h"
#include "common/credentials/transport.h"

namespace drumfire {
namespace {

constexpr auto kGuard = std::chrono::minutes(1);

FleetCredentials MakeCredentials(CertificateUse use, const CertificateAuthority& authority) {
  const Validity validity{absl::Now() - absl::Hours(1), absl::Now() + absl::Hours(1)};
  const auto issued = *authority.Issue("x", use, {"127.0.0.1"}, validity);
  return {{authority.pem(), issued.certificate_pem, issued.key_pem}, ""};
}

TEST(LiveTlsTest, CredentialsLiveAsLongAsTheServer) {
  const auto authority = *CertificateAuthority::Create(
      "test CA", {absl::Now() - absl::Hours(1), absl::Now() + absl::Hours(1)});
  auto live =
      std::make_shared<const LiveCredentials>(MakeCredentials(CertificateUse::kServer, authority));
  const std::weak_ptr<const LiveCredentials> watch = live;
  auto builder = std::make_unique<grpc::ServerBuilder>();
  int port = 0;
  // Our own handle on them is gone before the first handshake.
  builder->AddListeningPort("127.0.0.1:0", MakeLiveTls(std::move(live)), &port);
  const auto queue = builder->AddCompletionQueue();
  auto server = builder->BuildAndStart();
  builder.reset();
  const auto channel = grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", port),
      MakeChannelCredentials(MakeCredentials(CertificateUse::kClient, authority)));
  EXPECT_TRUE(channel->WaitForConnected(std::chrono::system_clock::now() + kGuard));
  EXPECT_FALSE(watch.expired());

  server->Shutdown(std::chrono::system_clock::now());
  queue->Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) {
  }
  server.reset();
  // gRPC releases them on its own thread.
  const auto deadline = std::chrono::steady_clock::now() + kGuard;
  while (!watch.expired() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace drumfire

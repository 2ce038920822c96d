// Do new credentials hold for new connections and calls, while a run in progress goes on?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/credentials/certificate_authority.h"
#include "common/credentials/transport.h"
#include "worker/session/worker_server.h"

namespace drumfire {
namespace {

constexpr auto kGuard = std::chrono::minutes(1);

// Both sides' credentials of one authority and one token.
struct FleetSecrets {
  FleetCredentials worker;
  FleetCredentials coordinator;
};

FleetSecrets MakeSecrets(const std::string& token) {
  const Validity validity{absl::Now() - absl::Hours(1), absl::Now() + absl::Hours(1)};
  const auto authority = *CertificateAuthority::Create("test CA", validity);
  const auto worker = *authority.Issue("w", CertificateUse::kServer, {"127.0.0.1"}, validity);
  const auto coordinator = *authority.Issue("c", CertificateUse::kClient, {}, validity);
  return {{{authority.pem(), worker.certificate_pem, worker.key_pem}, token},
          {{authority.pem(), coordinator.certificate_pem, coordinator.key_pem}, token}};
}

class WorkerCredentialsTest : public ::testing::Test {
 protected:
  WorkerCredentialsTest() {
    WorkerServerOptions options;
    options.listen = "127.0.0.1:0";
    options.records_bind = "tcp://127.0.0.1:*";
    options.credentials = old_.worker;
    server_ = *WorkerServer::Create(options, SystemClock());
  }

  // On a connection of its own.
  std::unique_ptr<v1::Worker::Stub> Connect(const FleetSecrets& fleet) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return v1::Worker::NewStub(
        grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                  MakeChannelCredentials(fleet.coordinator), arguments));
  }

  grpc::StatusCode Ask(v1::Worker::Stub* stub, const FleetSecrets& fleet) {
    grpc::ClientContext call;
    ShowToken(fleet.coordinator, &call);
    call.set_deadline(std::chrono::system_clock::now() + kGuard);
    v1::StatusReply reply;
    return stub->GetStatus(&call, {}, &reply).error_code();
  }

  const FleetSecrets old_ = MakeSecrets("the-token-of-old-days");
  std::unique_ptr<WorkerServer> server_;
};

TEST_F(WorkerCredentialsTest, NewConnectionsNeedTheNewOnesAndARunGoesOn) {
  const FleetSecrets renewed = MakeSecrets("the-token-of-new-days");
  const auto owner = Connect(old_);
  grpc::ClientContext call;
  ShowToken(old_.coordinator, &call);
  const auto run = owner->Run(&call);
  const auto probe = [&run](uint64_t number) {
    v1::CoordinatorMessage message;
    message.mutable_clock_probe()->set_number(number);
    v1::WorkerMessage reply;
    return run->Write(message) && run->Read(&reply) ? reply.clock_reply().number() : 0;
  };
  EXPECT_EQ(probe(7), 7u);

  server_->ReplaceCredentials(renewed.worker);
  EXPECT_EQ(Ask(Connect(old_).get(), old_), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Ask(Connect(renewed).get(), renewed), grpc::StatusCode::OK);
  // The old connection stands; a new call on it needs the new token.
  EXPECT_EQ(Ask(owner.get(), old_), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(probe(8), 8u);
  run->WritesDone();
  EXPECT_TRUE(run->Finish().ok());
}

TEST_F(WorkerCredentialsTest, TheSameOnesAgainChangeNothing) {
  server_->ReplaceCredentials(old_.worker);
  EXPECT_EQ(Ask(Connect(old_).get(), old_), grpc::StatusCode::OK);
}

}  // namespace
}  // namespace drumfire

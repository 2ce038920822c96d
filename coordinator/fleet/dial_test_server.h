// For tests: certificates of two authorities, and a worker's gRPC server that never answers.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/credentials/certificate_authority.h"
#include "common/credentials/transport.h"
#include "drumfire/v1/control.grpc.pb.h"

namespace drumfire {

inline Validity ValidNow() { return {absl::Now() - absl::Hours(1), absl::Now() + absl::Hours(1)}; }
inline Validity LongOver() {
  return {absl::Now() - absl::Hours(48), absl::Now() - absl::Hours(24)};
}

// Certificates of one authority for both sides.
class TestFleet {
 public:
  TestFleet() : authority_(*CertificateAuthority::Create("test fleet", ValidNow())) {}

  FleetCredentials Worker(const std::string& host, const Validity& validity = ValidNow()) const {
    return Of(*authority_.Issue("worker", CertificateUse::kServer, {host}, validity));
  }
  FleetCredentials Coordinator(const Validity& validity = ValidNow()) const {
    return Of(*authority_.Issue("coordinator", CertificateUse::kClient, {}, validity));
  }

 private:
  FleetCredentials Of(const IssuedCertificate& issued) const {
    return {{authority_.pem(), issued.certificate_pem, issued.key_pem}, ""};
  }

  CertificateAuthority authority_;
};

class TestServer {
 public:
  explicit TestServer(const FleetCredentials& credentials) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", MakeServerCredentials(credentials), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
  }
  ~TestServer() { server_->Shutdown(); }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

 private:
  v1::Worker::Service service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace drumfire

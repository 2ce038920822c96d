#include "common/credentials/live_tls.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <string>
#include <utility>

namespace drumfire {
namespace {

// Called by gRPC before a handshake, under gRPC's own lock.
class Fetcher {
 public:
  explicit Fetcher(std::shared_ptr<const LiveCredentials> fleet) : fleet_(std::move(fleet)) {}

  static grpc_ssl_certificate_config_reload_status Fetch(
      void* fetcher, grpc_ssl_server_certificate_config** config) {
    return static_cast<Fetcher*>(fetcher)->Fetch(config);
  }
  static void Delete(void* fetcher) { delete static_cast<Fetcher*>(fetcher); }

 private:
  grpc_ssl_certificate_config_reload_status Fetch(grpc_ssl_server_certificate_config** config) {
    auto current = fleet_->Current();
    if (current == fetched_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const TlsIdentity& tls = current->tls;
    const grpc_ssl_pem_key_cert_pair pair{tls.key.c_str(), tls.certificate.c_str()};
    *config = grpc_ssl_server_certificate_config_create(tls.ca.c_str(), &pair, 1);
    fetched_ = std::move(current);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const std::shared_ptr<const LiveCredentials> fleet_;
  std::shared_ptr<const FleetCredentials> fetched_;
};

class LiveTls : public grpc::ServerCredentials {
 public:
  explicit LiveTls(std::shared_ptr<const LiveCredentials> fleet) {
    auto* const fetcher = new Fetcher(std::move(fleet));
    credentials_ = grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config_fetcher(
            GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY, &Fetcher::Fetch, fetcher));
    // A processor that processes nothing: gRPC deletes its state with the credentials, which may
    // outlive this object, and so never asks a fetcher that is gone.
    grpc_server_credentials_set_auth_metadata_processor(credentials_,
                                                        {nullptr, &Fetcher::Delete, fetcher});
  }
  ~LiveTls() override { grpc_server_credentials_release(credentials_); }
  LiveTls(const LiveTls&) = delete;
  LiveTls& operator=(const LiveTls&) = delete;

  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  grpc_server_credentials* credentials_ = nullptr;
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> MakeLiveTls(std::shared_ptr<const LiveCredentials> fleet) {
  return std::make_shared<LiveTls>(std::move(fleet));
}

}  // namespace drumfire

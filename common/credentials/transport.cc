#include "common/credentials/transport.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "common/credentials/live_tls.h"
#include "common/credentials/secret.h"

namespace drumfire {
namespace {

constexpr char kTokenKey[] = "drumfire-fleet-token";

}  // namespace

std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials(const FleetCredentials& fleet) {
  if (!fleet.has_tls()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = fleet.tls.ca;
  options.pem_cert_chain = fleet.tls.certificate;
  options.pem_private_key = fleet.tls.key;
  return grpc::SslCredentials(options);
}

std::shared_ptr<grpc::ServerCredentials> MakeLiveServerCredentials(
    std::shared_ptr<const LiveCredentials> fleet) {
  if (!fleet->Current()->has_tls()) return grpc::InsecureServerCredentials();
  return MakeLiveTls(std::move(fleet));
}

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const FleetCredentials& fleet) {
  return MakeLiveServerCredentials(std::make_shared<const LiveCredentials>(fleet));
}

void ShowToken(const FleetCredentials& fleet, grpc::ClientContext* call) {
  if (fleet.has_token()) call->AddMetadata(kTokenKey, fleet.token);
}

grpc::Status CheckToken(const FleetCredentials& fleet, const grpc::ServerContextBase& call) {
  if (!fleet.has_token()) return grpc::Status::OK;
  const auto shown = call.client_metadata().find(kTokenKey);
  if (shown == call.client_metadata().end()) {
    return {grpc::StatusCode::UNAUTHENTICATED, "it requires a fleet token (--fleet-token-file)"};
  }
  if (!SameSecret({shown->second.data(), shown->second.size()}, fleet.token)) {
    return {grpc::StatusCode::UNAUTHENTICATED, "it has another fleet token (--fleet-token-file)"};
  }
  return grpc::Status::OK;
}

}  // namespace drumfire

// Fleet credentials in gRPC's form, and the token in a call's metadata.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "common/credentials/fleet_credentials.h"
#include "common/credentials/live_credentials.h"

namespace drumfire {

// TLS that presents our certificate and requires one of our authorities for the dialled host; plain
// text without certificates.
std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials(const FleetCredentials& fleet);

// TLS that requires a client certificate of our authorities; plain text without certificates. Each
// handshake uses the current credentials; open connections are not affected.
std::shared_ptr<grpc::ServerCredentials> MakeLiveServerCredentials(
    std::shared_ptr<const LiveCredentials> fleet);
// The same with fixed credentials.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const FleetCredentials& fleet);

// Call before the call starts.
void ShowToken(const FleetCredentials& fleet, grpc::ClientContext* call);
// UNAUTHENTICATED, with a message for the other side's user, unless the caller presented our token.
grpc::Status CheckToken(const FleetCredentials& fleet, const grpc::ServerContextBase& call);

}  // namespace drumfire

// Fleet credentials as gRPC takes them, and the token's way through a call's metadata.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "common/credentials/fleet_credentials.h"
#include "common/credentials/live_credentials.h"

namespace drumfire {

// TLS that shows our certificate and wants one of our authorities for the host that was dialled;
// plain text without certificates.
std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials(const FleetCredentials& fleet);

// TLS that refuses whoever shows no certificate of our authorities; plain text without. Each
// handshake uses the credentials of its time; connections that stand are left alone.
std::shared_ptr<grpc::ServerCredentials> MakeLiveServerCredentials(
    std::shared_ptr<const LiveCredentials> fleet);
// The same, with credentials that never change.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const FleetCredentials& fleet);

// Before the call starts.
void ShowToken(const FleetCredentials& fleet, grpc::ClientContext* call);
// UNAUTHENTICATED, in words for the other side's user, unless the caller showed our token.
grpc::Status CheckToken(const FleetCredentials& fleet, const grpc::ServerContextBase& call);

}  // namespace drumfire

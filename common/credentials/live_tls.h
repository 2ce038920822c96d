// TLS for a gRPC server whose certificate, key and authorities can be replaced while it serves.
// gRPC's C++ interface only offers a file watcher, which would use a half-written file; so this
// uses the C interface, in which every handshake requests the current credentials.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "common/credentials/live_credentials.h"

namespace drumfire {

// Requires a client certificate of the current authorities. fleet must have TLS.
std::shared_ptr<grpc::ServerCredentials> MakeLiveTls(std::shared_ptr<const LiveCredentials> fleet);

}  // namespace drumfire

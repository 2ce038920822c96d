// TLS for a gRPC server whose certificate, key and authorities can be replaced as it serves. gRPC's
// C++ interface offers none of that but a watcher of files, which takes a half-written file as it
// is; so this stands on its C interface, where every handshake asks for the newest.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "common/credentials/live_credentials.h"

namespace drumfire {

// Refuses whoever shows no certificate of the authorities of the moment. fleet has TLS.
std::shared_ptr<grpc::ServerCredentials> MakeLiveTls(std::shared_ptr<const LiveCredentials> fleet);

}  // namespace drumfire

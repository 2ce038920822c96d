// The arguments common to every gRPC channel to a worker.
#pragma once

#include <grpcpp/grpcpp.h>

#include "common/credentials/fleet_credentials.h"
#include "coordinator/fleet/worker_address.h"

namespace drumfire {

// No proxy, a separate connection, and the name that the worker's certificate must match.
grpc::ChannelArguments ArgumentsFor(const WorkerAddress& address,
                                    const FleetCredentials& credentials);

}  // namespace drumfire

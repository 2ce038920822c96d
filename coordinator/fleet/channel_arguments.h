// What every gRPC channel to a worker has in common.
#pragma once

#include <grpcpp/grpcpp.h>

#include "common/credentials/fleet_credentials.h"
#include "coordinator/fleet/worker_address.h"

namespace drumfire {

// No proxy, a connection of its own, and the name that the worker's certificate must be for.
grpc::ChannelArguments ArgumentsFor(const WorkerAddress& address,
                                    const FleetCredentials& credentials);

}  // namespace drumfire

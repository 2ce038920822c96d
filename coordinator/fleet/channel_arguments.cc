#include "coordinator/fleet/channel_arguments.h"

namespace drumfire {

grpc::ChannelArguments ArgumentsFor(const WorkerAddress& address,
                                    const FleetCredentials& credentials) {
  grpc::ChannelArguments arguments;
  // The fleet is reached directly: a proxy for the web is none for workers.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // Calls to several workers must not share one connection's fate.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (credentials.has_tls() && !address.tls_name.empty()) {
    arguments.SetSslTargetNameOverride(address.tls_name);
  }
  return arguments;
}

}  // namespace drumfire

#include "coordinator/fleet/grpc_links.h"

#include <utility>

namespace drumfire {

void GrpcLinks::Dial(uint32_t worker, const std::string& address) {
  clients_.push_back(std::make_unique<ControlClient>(worker, address, &events_));
}

void GrpcLinks::Send(uint32_t worker, v1::CoordinatorMessage message) {
  clients_[worker]->Send(std::move(message));
}

std::optional<FleetEvent> GrpcLinks::Receive(absl::Duration wait) {
  return events_.Pop(absl::ToChronoNanoseconds(wait));
}

void GrpcLinks::CloseAfterWrites(uint32_t worker) { clients_[worker]->CloseAfterWrites(); }

void GrpcLinks::Abandon(uint32_t worker) { clients_[worker]->Cancel(); }

}  // namespace drumfire

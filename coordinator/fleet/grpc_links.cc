#include "coordinator/fleet/grpc_links.h"

#include <utility>

namespace drumfire {

GrpcLinks::GrpcLinks(const std::vector<std::string>& addresses, const FleetCredentials& credentials)
    : credentials_(credentials), dial_check_(addresses, credentials, &events_) {}

void GrpcLinks::Dial(uint32_t worker, uint64_t epoch, const std::string& address) {
  if (worker == clients_.size()) clients_.emplace_back();
  clients_[worker].reset();  // the abandoned stream ends before the next begins
  clients_[worker] =
      std::make_unique<ControlClient>(worker, epoch, address, credentials_, &events_);
}

void GrpcLinks::Send(uint32_t worker, v1::CoordinatorMessage message) {
  clients_[worker]->Send(std::move(message));
}

std::optional<FleetEvent> GrpcLinks::Receive(absl::Duration wait) {
  auto event = events_.Pop(absl::ToChronoNanoseconds(wait));
  if (event.has_value() && event->message.has_ready()) dial_check_.OnAnswer(event->worker);
  return event;
}

void GrpcLinks::CloseAfterWrites(uint32_t worker) { clients_[worker]->CloseAfterWrites(); }

void GrpcLinks::Abandon(uint32_t worker) { clients_[worker]->Cancel(); }

}  // namespace drumfire

#include "coordinator/fleet/grpc_links.h"

#include <algorithm>
#include <utility>

#include "common/clock/clock.h"
#include "coordinator/fleet/dial_probe.h"
#include "coordinator/fleet/end_together.h"

namespace drumfire {
namespace {

constexpr absl::Duration kGoodbyeLimit = absl::Seconds(2);
constexpr absl::Duration kProbePatience = absl::Seconds(1);

}  // namespace

GrpcLinks::GrpcLinks(const std::vector<WorkerAddress>& workers, const FleetCredentials& credentials)
    : workers_(workers),
      credentials_(credentials),
      dial_check_(
          workers,
          [credentials](const WorkerAddress& worker) {
            return ProbeWorker(worker, credentials, kProbePatience);
          },
          &events_) {}

GrpcLinks::~GrpcLinks() {
  dial_check_.Stop();
  EndTogether(clients_, kGoodbyeLimit, SystemClock());
}

const WorkerAddress& GrpcLinks::WorkerAt(const std::string& address) const {
  return *std::find_if(workers_.begin(), workers_.end(),
                       [&address](const WorkerAddress& w) { return w.dial == address; });
}

void GrpcLinks::Dial(uint32_t worker, uint64_t epoch, const std::string& address) {
  if (worker == clients_.size()) clients_.emplace_back();
  clients_[worker].reset();  // the abandoned stream ends before the next begins
  clients_[worker] = std::make_unique<ControlClient>(worker, epoch, WorkerAt(address), credentials_,
                                                     &events_, &dial_check_);
  dial_check_.OnDial(worker);
}

void GrpcLinks::Send(uint32_t worker, v1::CoordinatorMessage message) {
  clients_[worker]->Send(std::move(message));
}

std::optional<FleetEvent> GrpcLinks::Receive(absl::Duration wait) {
  auto event = events_.Pop(absl::ToChronoNanoseconds(wait));
  if (!event.has_value() || event->closed) return event;
  ControlClient& client = *clients_[event->worker];
  if (client.epoch() == event->epoch) client.OnHandled();
  if (event->message.has_ready()) dial_check_.OnAnswer(event->worker);
  return event;
}

void GrpcLinks::CloseAfterWrites(uint32_t worker) { clients_[worker]->CloseAfterWrites(); }

void GrpcLinks::Abandon(uint32_t worker) { clients_[worker]->Cancel(); }

}  // namespace drumfire

// Control streams over gRPC, one connection per worker. Workers that do not answer are probed, so
// that one that can never be reached is reported as closed, with the cause.
#pragma once

#include <memory>
#include <vector>

#include "coordinator/fleet/control_client.h"
#include "coordinator/fleet/control_links.h"
#include "coordinator/fleet/dial_check.h"
#include "coordinator/fleet/worker_address.h"

namespace drumfire {

// Limit on pending messages of all workers. A worker whose next message does not fit is
// disconnected.
constexpr size_t kMaxQueuedEvents = 1 << 20;

class GrpcLinks : public ControlLinks {
 public:
  // workers: all that will be dialled, initially in this order.
  GrpcLinks(const std::vector<WorkerAddress>& workers, const FleetCredentials& credentials);
  // Workers that were asked to finish get a short common time to end their streams; then all
  // streams are cancelled.
  ~GrpcLinks() override;
  void Dial(uint32_t worker, uint64_t epoch, const std::string& address) override;
  void Send(uint32_t worker, v1::CoordinatorMessage message) override;
  std::optional<FleetEvent> Receive(absl::Duration wait) override;
  void Wake() override { events_.Wake(); }
  void CloseAfterWrites(uint32_t worker) override;
  void Abandon(uint32_t worker) override;

 private:
  const WorkerAddress& WorkerAt(const std::string& address) const;

  const std::vector<WorkerAddress> workers_;
  const FleetCredentials credentials_;
  Mailbox<FleetEvent> events_{kMaxQueuedEvents};
  // Declared last, because their threads use the mailbox.
  DialCheck dial_check_;
  std::vector<std::unique_ptr<ControlClient>> clients_;
};

}  // namespace drumfire

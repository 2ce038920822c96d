// Control streams over gRPC, one connection a worker.
#pragma once

#include <memory>
#include <vector>

#include "coordinator/fleet/control_client.h"
#include "coordinator/fleet/control_links.h"

namespace drumfire {

class GrpcLinks : public ControlLinks {
 public:
  void Dial(uint32_t worker, const std::string& address) override;
  void Send(uint32_t worker, v1::CoordinatorMessage message) override;
  std::optional<FleetEvent> Receive(absl::Duration wait) override;
  void CloseAfterWrites(uint32_t worker) override;
  void Abandon(uint32_t worker) override;

 private:
  Mailbox<FleetEvent> events_;
  std::vector<std::unique_ptr<ControlClient>> clients_;  // last: their threads use the mailbox
};

}  // namespace drumfire

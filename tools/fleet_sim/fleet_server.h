// One gRPC server for all fake workers of a process: a TCP port a worker, and a worker a stream.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "drumfire/v1/control.grpc.pb.h"
#include "tools/fleet_sim/fake_fleet.h"

namespace drumfire::fleet_sim {

class FleetServer : private v1::Worker::CallbackService {
 public:
  // Serves so many workers on ports of the fleet's host that the system picks. fleet must outlive
  // the server. INVALID_ARGUMENT when it cannot listen.
  static absl::StatusOr<std::unique_ptr<FleetServer>> Create(uint32_t workers, FakeFleet* fleet);
  ~FleetServer() override;

  // "host:port" of each worker.
  const std::vector<std::string>& addresses() const { return addresses_; }

 private:
  explicit FleetServer(FakeFleet* fleet) : fleet_(fleet) {}
  grpc::ServerBidiReactor<v1::CoordinatorMessage, v1::WorkerMessage>* Run(
      grpc::CallbackServerContext* context) override;
  // Always that of an idle worker: which port was asked is not known.
  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::StatusRequest* request,
                                      v1::StatusReply* reply) override;

  FakeFleet* const fleet_;
  std::vector<std::string> addresses_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace drumfire::fleet_sim

#include "tools/fleet_sim/fleet_server.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "common/control/keep_grpc.h"
#include "common/control/limits.h"
#include "common/plan/version.h"
#include "tools/fleet_sim/fake_worker.h"
#include "worker/session/control_stream.h"

namespace drumfire::fleet_sim {

absl::StatusOr<std::unique_ptr<FleetServer>> FleetServer::Create(uint32_t workers,
                                                                 FakeFleet* fleet) {
  std::unique_ptr<FleetServer> server(new FleetServer(fleet));
  KeepGrpc();
  grpc::ServerBuilder builder;
  const std::string& host = fleet->settings().host;
  std::vector<int> ports(workers);
  for (int& port : ports) {
    builder.AddListeningPort(absl::StrCat(host, ":0"), grpc::InsecureServerCredentials(), &port);
  }
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(kMaxControlMessageBytes);
  builder.RegisterService(server.get());
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("cannot listen ", workers, " times on ", host));
  }
  for (const int port : ports) server->addresses_.push_back(absl::StrCat(host, ":", port));
  return server;
}

FleetServer::~FleetServer() {
  if (server_ != nullptr) {
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
  }
}

grpc::ServerBidiReactor<v1::CoordinatorMessage, v1::WorkerMessage>* FleetServer::Run(
    grpc::CallbackServerContext* context) {
  const std::shared_ptr<FakeWorker> worker = fleet_->NewWorker();
  return new ControlStream(context, fleet_->clock(), StreamLimits(), worker->stream(),
                           {.on_message =
                                [worker](v1::CoordinatorMessage m) {
                                  worker->OnMessage(std::move(m));
                                  return true;
                                },
                            .on_closed = [worker] { worker->OnStreamClosed(); }});
}

grpc::ServerUnaryReactor* FleetServer::GetStatus(grpc::CallbackServerContext* context,
                                                 const v1::StatusRequest*, v1::StatusReply* reply) {
  reply->set_version(std::string(kVersion));
  reply->set_protocol_version(kProtocolVersion);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

}  // namespace drumfire::fleet_sim

#include "worker/session/status_listener.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "common/control/keep_grpc.h"

namespace drumfire {

absl::StatusOr<std::unique_ptr<StatusListener>> StatusListener::Create(const std::string& address,
                                                                       StatusSource status) {
  std::unique_ptr<StatusListener> listener(new StatusListener(std::move(status)));
  KeepGrpc();
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &listener->port_);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.RegisterService(listener.get());
  listener->server_ = builder.BuildAndStart();
  if (listener->server_ == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("--health-listen: cannot listen on ", address));
  }
  return listener;
}

StatusListener::~StatusListener() {
  if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
}

grpc::ServerUnaryReactor* StatusListener::GetStatus(grpc::CallbackServerContext* context,
                                                    const v1::StatusRequest*,
                                                    v1::StatusReply* reply) {
  *reply = status_();
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

}  // namespace drumfire

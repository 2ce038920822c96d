// Answers GetStatus, and nothing else, to processes of this host: for health checks, which hold no
// credentials of the fleet. Whoever asks here learns what the worker does and cannot change it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "drumfire/v1/control.grpc.pb.h"

namespace drumfire {

class StatusListener : private v1::Worker::CallbackService {
 public:
  using StatusSource = std::function<v1::StatusReply()>;

  // address: "host:port" (port 0 = any) or "unix:/path". status is called on gRPC's threads.
  // InvalidArgument begins with the flag.
  static absl::StatusOr<std::unique_ptr<StatusListener>> Create(const std::string& address,
                                                                StatusSource status);
  ~StatusListener() override;

  // Bound TCP port; 0 on a Unix socket.
  int port() const { return port_; }

 private:
  explicit StatusListener(StatusSource status) : status_(std::move(status)) {}

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::StatusRequest* request,
                                      v1::StatusReply* reply) override;

  const StatusSource status_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace drumfire

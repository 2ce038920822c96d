// The end of a stream that is not even listened to, with its cause.
#pragma once

#include <grpcpp/grpcpp.h>

#include "drumfire/v1/control.grpc.pb.h"

namespace drumfire {

// Deletes itself when gRPC is done with it.
class RefusingStream : public grpc::ServerBidiReactor<v1::CoordinatorMessage, v1::WorkerMessage> {
 public:
  explicit RefusingStream(const grpc::Status& status) { Finish(status); }

 private:
  void OnDone() override { delete this; }
};

}  // namespace drumfire

// What a coordinator gets that may not drive this worker: a second one one Refused that names the
// owner, one without the fleet's credentials only the end of the stream.
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>

#include "drumfire/v1/control.grpc.pb.h"

namespace drumfire {

// Deletes itself when gRPC is done with it.
class RefusingStream : public grpc::ServerBidiReactor<v1::CoordinatorMessage, v1::WorkerMessage> {
 public:
  explicit RefusingStream(const std::string& owner_run_id) {
    reply_.mutable_refused()->set_reason("this worker has an owner");
    reply_.mutable_refused()->set_owner_run_id(owner_run_id);
    StartWriteAndFinish(&reply_, grpc::WriteOptions(), grpc::Status::OK);
  }
  explicit RefusingStream(const grpc::Status& status) { Finish(status); }

 private:
  void OnDone() override { delete this; }

  v1::WorkerMessage reply_;
};

}  // namespace drumfire

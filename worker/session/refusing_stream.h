// What a coordinator gets that may not drive this worker: a second one one Refused that names the
// owner, one without the fleet's credentials only the end of the stream.
#pragma once

#include <grpcpp/grpcpp.h>

#include "drumfire/v1/control.grpc.pb.h"
#include "worker/session/run_session.h"

namespace drumfire {

// Deletes itself when gRPC is done with it.
class RefusingStream : public grpc::ServerBidiReactor<v1::CoordinatorMessage, v1::WorkerMessage> {
 public:
  explicit RefusingStream(const RunOwner& owner) {
    v1::Refused* refused = reply_.mutable_refused();
    refused->set_reason("this worker has an owner");
    refused->set_owner_run_id(owner.run_id);
    refused->set_owner(owner.name);
    refused->set_owned_ns(owner.owned_ns);
    StartWriteAndFinish(&reply_, grpc::WriteOptions(), grpc::Status::OK);
  }
  explicit RefusingStream(const grpc::Status& status) { Finish(status); }

 private:
  void OnDone() override { delete this; }

  v1::WorkerMessage reply_;
};

}  // namespace drumfire

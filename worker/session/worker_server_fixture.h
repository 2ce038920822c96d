// A worker's real server on a free port, and a stub to call it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "worker/session/worker_server.h"

namespace drumfire::testutil {

class WorkerServerFixture : public ::testing::Test {
 protected:
  WorkerServerFixture() { Serve({}); }

  void Serve(StreamLimits limits) {
    WorkerServerOptions options;
    options.listen = "127.0.0.1:0";
    options.records_bind = "tcp://127.0.0.1:*";
    options.stream_limits = limits;
    server_ = *WorkerServer::Create(options, SystemClock());
    stub_ = v1::Worker::NewStub(grpc::CreateChannel(Address(), grpc::InsecureChannelCredentials()));
  }

  std::string Address() const { return absl::StrCat("127.0.0.1:", server_->port()); }

  std::unique_ptr<WorkerServer> server_;
  std::unique_ptr<v1::Worker::Stub> stub_;
};

}  // namespace drumfire::testutil

// The worker process's gRPC server: one run at a time, a second coordinator is refused and the
// first is not disturbed. Whoever lacks the fleet's credentials is refused before that. A stream
// owns the worker from its Hello on; one that says nothing is ended after a while.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/credentials/fleet_credentials.h"
#include "common/credentials/live_credentials.h"
#include "common/random/random_id.h"
#include "common/sync/mutex.h"
#include "worker/session/process_resources.h"
#include "worker/session/run_session.h"

namespace drumfire {

struct WorkerServerOptions {
  // "host:port" (port 0 = any) or "unix:/path".
  std::string listen;
  // What callers must prove at first.
  FleetCredentials credentials;
  // ZeroMQ endpoint to bind for records. The coordinator replaces a wildcard by the host that it
  // dialled.
  std::string records_bind;
  // Log a line when a run begins and when it ends.
  bool log_runs = false;
  StreamLimits stream_limits;
};

class WorkerServer : private v1::Worker::CallbackService {
 public:
  static absl::StatusOr<std::unique_ptr<WorkerServer>> Create(const WorkerServerOptions& options,
                                                              const Clock& clock);
  // Ends the present run and stops serving.
  ~WorkerServer() override;

  // Bound TCP port; 0 on a Unix socket.
  int port() const { return port_; }
  // Waits for the next end of a run that no earlier call reported: true when there is one, false
  // after the time-out. Frees what ended runs still hold. One thread makes all calls.
  bool WaitForRunEnd(absl::Duration timeout);
  // What callers must prove from now on: new connections and calls. A run in progress goes on. Any
  // thread.
  void ReplaceCredentials(FleetCredentials credentials) {
    credentials_->Replace(std::move(credentials));
  }
  // Who owns the worker, what it is. Any thread.
  v1::StatusReply Status();

 private:
  WorkerServer(WorkerServerOptions options, const Clock& clock)
      : options_(std::move(options)),
        credentials_(std::make_shared<LiveCredentials>(options_.credentials)),
        instance_id_(RandomId()),
        clock_(clock),
        resources_(options_.records_bind, clock) {}

  grpc::ServerBidiReactor<v1::CoordinatorMessage, v1::WorkerMessage>* Run(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::StatusRequest* request,
                                      v1::StatusReply* reply) override;
  // A session for a new run when the one before has ended. Null and why when it has not.
  std::shared_ptr<RunSession> Adopt(const v1::Hello& hello,
                                    const std::shared_ptr<StreamHandle>& stream,
                                    v1::Refused* refused);
  bool Enter(const std::shared_ptr<StreamHandle>& stream);
  void Leave(const std::shared_ptr<StreamHandle>& stream);
  void EndVisits();
  void OnRunEnded();
  // Destroys the sessions whose threads are done. Joins them, so mutex_ must be free: their last
  // act takes it.
  void Reap();

  const WorkerServerOptions options_;
  const std::shared_ptr<LiveCredentials> credentials_;
  const std::string instance_id_;
  const Clock& clock_;
  ProcessResources resources_;
  int port_ = 0;

  Mutex mutex_;
  CondVar run_ended_;
  std::shared_ptr<RunSession> session_ ABSL_GUARDED_BY(mutex_);               // the newest
  std::vector<std::shared_ptr<RunSession>> leaving_ ABSL_GUARDED_BY(mutex_);  // ended before it
  std::set<std::shared_ptr<StreamHandle>> visitors_ ABSL_GUARDED_BY(mutex_);  // without a Hello
  uint64_t unreported_ends_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace drumfire

#include "worker/session/worker_server.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/control/keep_grpc.h"
#include "common/control/limits.h"
#include "common/credentials/transport.h"
#include "common/plan/version.h"
#include "worker/health/host_limits.h"
#include "worker/session/refusing_stream.h"
#include "worker/session/visit.h"

namespace drumfire {
namespace {

// Ended runs whose coordinators have not taken the end of their streams yet. Each holds a thread.
constexpr size_t kMostLeavingSessions = 64;
// Streams that have not said Hello. Each may hold one message.
constexpr size_t kMostVisitors = 256;
// Of one connection.
constexpr int kMostStreams = 256;

void FillOwner(const RunOwner& owner, v1::Refused* refused) {
  refused->set_reason("this worker has an owner");
  refused->set_owner_run_id(owner.run_id);
  refused->set_owner(owner.name);
  refused->set_owned_ns(owner.owned_ns);
}

}  // namespace

absl::StatusOr<std::unique_ptr<WorkerServer>> WorkerServer::Create(
    const WorkerServerOptions& options, const Clock& clock) {
  std::unique_ptr<WorkerServer> worker(new WorkerServer(options, clock));
  KeepGrpc();
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.listen, MakeLiveServerCredentials(worker->credentials_),
                           &worker->port_);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostStreams);
  builder.SetMaxReceiveMessageSize(kMaxControlMessageBytes);
  builder.RegisterService(worker.get());
  worker->server_ = builder.BuildAndStart();
  if (worker->server_ == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("--listen: cannot listen on ", options.listen));
  }
  return worker;
}

WorkerServer::~WorkerServer() {
  std::shared_ptr<RunSession> session;
  {
    const MutexLock lock(&mutex_);
    session = session_;
  }
  if (session != nullptr) session->Stop();
  EndVisits();
  if (server_ != nullptr)
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
}

std::shared_ptr<RunSession> WorkerServer::Adopt(const v1::Hello& hello,
                                                const std::shared_ptr<StreamHandle>& stream,
                                                v1::Refused* refused) {
  Reap();
  const MutexLock lock(&mutex_);
  if (session_ != nullptr && !session_->ended()) {
    FillOwner(session_->owner(), refused);
    return nullptr;
  }
  if (leaving_.size() >= kMostLeavingSessions) {
    refused->set_reason("this worker still ends earlier runs; try again");
    return nullptr;
  }
  if (session_ != nullptr) leaving_.push_back(std::move(session_));
  session_ = std::make_shared<RunSession>(&resources_, options_.log_runs, hello, stream,
                                          [this] { OnRunEnded(); });
  return session_;
}

bool WorkerServer::Enter(const std::shared_ptr<StreamHandle>& stream) {
  const MutexLock lock(&mutex_);
  return visitors_.size() < kMostVisitors && visitors_.insert(stream).second;
}

void WorkerServer::Leave(const std::shared_ptr<StreamHandle>& stream) {
  const MutexLock lock(&mutex_);
  visitors_.erase(stream);
}

void WorkerServer::EndVisits() {
  std::set<std::shared_ptr<StreamHandle>> visitors;
  {
    const MutexLock lock(&mutex_);
    visitors = visitors_;
  }
  for (const auto& stream : visitors) stream->Finish(grpc::Status::OK);
}

void WorkerServer::Reap() {
  std::vector<std::shared_ptr<RunSession>> done;
  {
    const MutexLock lock(&mutex_);
    if (session_ != nullptr && session_->done()) leaving_.push_back(std::move(session_));
    const auto first_done = std::stable_partition(
        leaving_.begin(), leaving_.end(), [](const auto& session) { return !session->done(); });
    done.assign(std::make_move_iterator(first_done), std::make_move_iterator(leaving_.end()));
    leaving_.erase(first_done, leaving_.end());
  }
}

void WorkerServer::OnRunEnded() {
  {
    const MutexLock lock(&mutex_);
    ++unreported_ends_;
  }
  run_ended_.NotifyAll();
}

bool WorkerServer::WaitForRunEnd(absl::Duration timeout) {
  {
    const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
    const MutexLock lock(&mutex_);
    while (unreported_ends_ == 0) {
      if (!run_ended_.WaitUntil(&mutex_, deadline) && unreported_ends_ == 0) return false;
    }
    --unreported_ends_;
  }
  Reap();
  return true;
}

grpc::ServerBidiReactor<v1::CoordinatorMessage, v1::WorkerMessage>* WorkerServer::Run(
    grpc::CallbackServerContext* context) {
  if (grpc::Status known = CheckToken(*credentials_->Current(), *context); !known.ok()) {
    return new RefusingStream(known);
  }
  const auto stream = std::make_shared<StreamHandle>();
  if (!Enter(stream)) {
    return new RefusingStream(
        {grpc::StatusCode::RESOURCE_EXHAUSTED, "too many streams without a Hello; try again"});
  }
  const auto visit = std::make_shared<Visit>(
      stream,
      [this](const v1::Hello& hello, const std::shared_ptr<StreamHandle>& own, v1::Refused* why) {
        return Adopt(hello, own, why);
      },
      [this, stream] { Leave(stream); });
  return new ControlStream(
      context, clock_, options_.stream_limits, stream,
      {.on_message =
           [visit](v1::CoordinatorMessage message) { return visit->OnMessage(std::move(message)); },
       .on_closed = [visit] { visit->OnClosed(); }});
}

grpc::ServerUnaryReactor* WorkerServer::GetStatus(grpc::CallbackServerContext* context,
                                                  const v1::StatusRequest*,
                                                  v1::StatusReply* reply) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (grpc::Status known = CheckToken(*credentials_->Current(), *context); !known.ok()) {
    reactor->Finish(known);
    return reactor;
  }
  *reply = Status();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

v1::StatusReply WorkerServer::Status() {
  v1::StatusReply status;
  status.set_version(std::string(kVersion));
  status.set_protocol_version(kProtocolVersion);
  status.set_instance_id(instance_id_);
  *status.mutable_limits() = ReadHostLimits();
  {
    const MutexLock lock(&mutex_);
    if (session_ != nullptr && !session_->ended()) {
      const RunOwner owner = session_->owner();
      status.set_run_id(owner.run_id);
      status.set_owner(owner.name);
      status.set_owned_ns(owner.owned_ns);
      status.set_phase(session_->phase());
    }
  }
  // Last, so that what came before is not part of the way back.
  status.set_monotonic_ns(clock_.MonotonicNs());
  status.set_wall_ns(clock_.WallNs());
  return status;
}

}  // namespace drumfire

#include "coordinator/fleet/status_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/control/keep_grpc.h"
#include "common/control/limits.h"
#include "common/control/printable.h"
#include "common/credentials/transport.h"
#include "common/credentials/x509.h"
#include "coordinator/fleet/channel_arguments.h"
#include "coordinator/fleet/dial_probe.h"
#include "drumfire/v1/control.grpc.pb.h"

namespace drumfire {
namespace {

constexpr size_t kMostProbes = 32;  // at a time
constexpr size_t kLongestFault = 300;
constexpr absl::Duration kLongestProbePatience = absl::Seconds(1);

std::optional<absl::Time> CertificateEnd(const grpc::AuthContext& peer) {
  const auto shown = peer.FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (shown.empty()) return std::nullopt;
  const auto chain = ReadCertificates({shown.front().data(), shown.front().size()});
  if (chain.empty()) return std::nullopt;
  return EndOf(chain.front().get());
}

// The questions to one worker: each answer sends the next question, on gRPC's threads.
class Questions {
 public:
  // Nothing is owned; done is counted down as the last act.
  Questions(const WorkerAddress& address, const FleetCredentials& credentials,
            const StatusOptions& options, std::latch* done)
      : credentials_(credentials),
        rounds_(options.rounds),
        deadline_(std::chrono::system_clock::now() + absl::ToChronoNanoseconds(options.timeout)),
        done_(done),
        stub_(v1::Worker::NewStub(grpc::CreateCustomChannel(
            address.dial, MakeChannelCredentials(credentials), Arguments(address, credentials)))) {
    status_.address = address;
  }

  void Ask() {
    grpc::ClientContext* call = calls_.emplace_back(std::make_unique<grpc::ClientContext>()).get();
    ShowToken(credentials_, call);
    call->set_deadline(deadline_);
    reply_.Clear();
    sent_ns_ = SystemClock().MonotonicNs();
    sent_wall_ns_ = SystemClock().WallNs();
    stub_->async()->GetStatus(call, &request_, &reply_,
                              [this](const grpc::Status& end) { OnEnd(end); });
  }

  // After done.
  const grpc::Status& end() const { return end_; }
  WorkerStatus& status() { return status_; }

 private:
  static grpc::ChannelArguments Arguments(const WorkerAddress& address,
                                          const FleetCredentials& credentials) {
    grpc::ChannelArguments arguments = ArgumentsFor(address, credentials);
    arguments.SetMaxReceiveMessageSize(kMaxStatusBytes);
    return arguments;
  }

  void OnEnd(const grpc::Status& end) {
    const int64_t trip_ns = SystemClock().MonotonicNs() - sent_ns_;
    end_ = end;
    if (end.ok()) Take(trip_ns);
    if (end.ok() && calls_.size() < rounds_) {
      Ask();
    } else {
      done_->count_down();
    }
  }

  void Take(int64_t trip_ns) {
    status_.reply = std::move(reply_);
    status_.certificate_end = CertificateEnd(*calls_.back()->auth_context());
    if (calls_.size() > 1 && trip_ns >= status_.round_trip_ns) return;
    status_.round_trip_ns = trip_ns;
    if (status_.reply.wall_ns() == 0) return;
    status_.wall_clock = ReadClock(sent_wall_ns_, sent_wall_ns_ + trip_ns, status_.reply.wall_ns());
  }

  const FleetCredentials& credentials_;
  const uint32_t rounds_;
  const std::chrono::system_clock::time_point deadline_;
  std::latch* const done_;
  const std::unique_ptr<v1::Worker::Stub> stub_;
  const v1::StatusRequest request_;
  std::vector<std::unique_ptr<grpc::ClientContext>> calls_;
  v1::StatusReply reply_;
  int64_t sent_ns_ = 0;
  int64_t sent_wall_ns_ = 0;
  grpc::Status end_;
  WorkerStatus status_;
};

// gRPC says only that there is no connection: the probe finds out why.
std::string FaultOf(const WorkerAddress& address, const FleetCredentials& credentials,
                    const grpc::Status& end, absl::Duration timeout,
                    absl::Duration probe_patience) {
  switch (end.error_code()) {
    case grpc::StatusCode::OK:
      return "";
    case grpc::StatusCode::UNAUTHENTICATED:
      return Printable(end.error_message(), kLongestFault);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::StrCat("no answer within ", absl::FormatDuration(timeout));
    case grpc::StatusCode::UNIMPLEMENTED:
      return "the program listening there is not a drumfire-worker";
    default:
      break;
  }
  std::string fault;
  if (!absl::StartsWith(address.dial, "unix:") && probe_patience > absl::ZeroDuration()) {
    fault = ProbeWorker(address, credentials, probe_patience);
  }
  if (fault.empty()) fault = absl::StrCat("unreachable: ", end.error_message());
  return Printable(fault, kLongestFault);
}

void FindFaults(const std::vector<std::unique_ptr<Questions>>& all,
                const FleetCredentials& credentials, absl::Duration timeout) {
  std::atomic<size_t> next = 0;
  const int64_t deadline_ns = SystemClock().MonotonicNs() + absl::ToInt64Nanoseconds(timeout);
  const auto work = [&] {
    for (size_t i = next++; i < all.size(); i = next++) {
      WorkerStatus& status = all[i]->status();
      const absl::Duration left = absl::Nanoseconds(deadline_ns - SystemClock().MonotonicNs());
      status.fault = FaultOf(status.address, credentials, all[i]->end(), timeout,
                             std::min(left / kMostPatiences, kLongestProbePatience));
    }
  };
  std::vector<std::thread> threads;
  for (size_t i = 0; i < std::min(kMostProbes, all.size()); ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

std::vector<WorkerStatus> AskWorkers(const std::vector<WorkerAddress>& workers,
                                     const FleetCredentials& credentials,
                                     const StatusOptions& options) {
  KeepGrpc();
  std::latch done(static_cast<std::ptrdiff_t>(workers.size()));
  std::vector<std::unique_ptr<Questions>> all;
  for (const WorkerAddress& worker : workers) {
    all.push_back(std::make_unique<Questions>(worker, credentials, options, &done));
    all.back()->Ask();
  }
  done.wait();
  FindFaults(all, credentials, options.timeout);
  std::vector<WorkerStatus> statuses;
  for (const auto& questions : all) statuses.push_back(std::move(questions->status()));
  return statuses;
}

}  // namespace drumfire
